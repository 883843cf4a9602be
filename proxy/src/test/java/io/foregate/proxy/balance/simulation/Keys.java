package io.foregate.proxy.balance.simulation;

import io.foregate.proxy.balance.Balancer;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.KeyHash;
import io.foregate.proxy.balance.Member;
import io.foregate.proxy.balance.PickState;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.balance.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which keys of {@code hash} move when members come and go. Stateless but for its picks. */
final class Keys {
    /**
     * What came out.
     *
     * @param moved keys that changed members, as a part of all
     * @param least what no hashing can do better: the keys of members that went, or the due of those that came
     * @param fullest keys of the member that has most, as a multiple of its due
     */
    record Result(String change, double moved, double least, double fullest) {}

    private static final int COUNT = 200_000;

    private final PickState state = new PickState(0);
    private final Picking picking = new Picking();

    static List<Result> all() {
        List<Result> results = new ArrayList<>();
        Keys keys = new Keys();
        for (int size : new int[] {10, 100, 500}) {
            List<Share> all = shares(size, 0);
            results.add(keys.change("one of " + size + " leaves", all, all.subList(1, size), 1.0 / size));
        }
        List<Share> hundred = shares(100, 0);
        results.add(keys.change("one joins 100", hundred, shares(101, 0), 1.0 / 101));
        results.add(keys.change("ten of 100 leave", hundred, hundred.subList(10, 100), 0.1));
        List<Share> heavier = new ArrayList<>(hundred);
        heavier.set(0, hundred.get(0).withWeight(2));
        results.add(keys.change("one of 100 gets twice the weight", hundred, heavier, 1.0 / 101));
        List<Share> mixed = shares(100, 7);
        results.add(keys.change("one of 100 leaves, weights 1 to 7", mixed, mixed.subList(1, 100), 1.0 / 397));
        return results;
    }

    private static List<Share> shares(int size, int weights) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            shares.add(new Share(new Server(i, Server.Plan.usual()), weights == 0 ? 1 : 1 + i % weights));
        }
        return shares;
    }

    private Result change(String name, List<Share> before, List<Share> after, double least) {
        EndpointSet old = new EndpointSet(before, Balancing.by(Balancer.HASH));
        EndpointSet young = new EndpointSet(after, Balancing.by(Balancer.HASH));
        int moved = 0;
        Map<String, Integer> held = new HashMap<>();
        for (int key = 0; key < COUNT; key++) {
            picking.clear();
            picking.key(KeyHash.of(1, key));
            Member first = Objects.requireNonNull(old.pick(state, picking, 0));
            Member second = Objects.requireNonNull(young.pick(state, picking, 0));
            moved += first.name().equals(second.name()) ? 0 : 1;
            held.merge(second.name(), 1, Integer::sum);
        }
        double weight = after.stream().mapToInt(Share::weight).sum();
        double fullest = 0;
        for (Share share : after) {
            double due = COUNT * share.weight() / weight;
            fullest = Math.max(fullest, held.getOrDefault(share.member().name(), 0) / due);
        }
        return new Result(name, (double) moved / COUNT, least, fullest);
    }
}
