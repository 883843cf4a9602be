package io.foregate.proxy.balance.simulation;

import io.foregate.proxy.balance.SlowStart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Servers, and what becomes of them.
 *
 * @param load requests, as a part of what all servers could answer if nobody were slow
 */
record Scenario(String name, List<Server.Plan> servers, double load, SlowStart slowStart) {
    private static final long SECOND = 1_000_000_000L;

    static List<Scenario> all() {
        Server.Plan usual = Server.Plan.usual();
        List<Server.Plan> alike = Collections.nCopies(20, usual);
        List<Server.Plan> mixed = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            int size = 1 << i % 3;
            mixed.add(new Server.Plan(size, 4 * size, 0, usual.slowness(), 0));
        }
        List<Server.Plan> joining = new ArrayList<>(Collections.nCopies(15, usual));
        Server.Plan cold = new Server.Plan(1, 8, 0.5, (part, age) -> age < 3 * SECOND ? 4 : 1, 0);
        joining.addAll(Collections.nCopies(5, cold));
        return List.of(
                new Scenario("alike", alike, 0.7, SlowStart.NONE),
                new Scenario("weights 1:2:4", mixed, 0.7, SlowStart.NONE),
                new Scenario("one 3× slower", first(alike, usual.slow((part, age) -> 3)), 0.6, SlowStart.NONE),
                new Scenario(
                        "one stumbles",
                        first(alike, usual.slow((part, age) -> part % 0.1 < 0.01 ? 20 : 1)),
                        0.6,
                        SlowStart.NONE),
                new Scenario("one 200 ms away, load 5 %", first(alike, usual.far(SECOND / 5)), 0.05, SlowStart.NONE),
                new Scenario("five join cold", joining, 0.6, SlowStart.NONE),
                new Scenario("… slow-start 10s", joining, 0.6, new SlowStart(10 * SECOND)));
    }

    private static List<Server.Plan> first(List<Server.Plan> others, Server.Plan first) {
        List<Server.Plan> plans = new ArrayList<>(others);
        plans.set(0, first);
        return plans;
    }
}
