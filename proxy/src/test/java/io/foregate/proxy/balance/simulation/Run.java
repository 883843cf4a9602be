package io.foregate.proxy.balance.simulation;

import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.KeyHash;
import io.foregate.proxy.balance.PickState;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.balance.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One balancer through one scenario: requests come at random moments (a Poisson process), take 10 ms on average (exponentially
 * distributed) of one worker, and wait for it. One use; the same seed is the same run.
 */
final class Run {
    /**
     * What came out.
     *
     * @param busiest requests of the server that got most for its weight and time, as a multiple of its due
     * @param p50Millis half of the requests took no longer, waiting included
     * @param p99Millis 99 % did
     */
    record Result(double busiest, double p50Millis, double p99Millis) {}

    private record Done(long atNanos, Server server, Server.Request request, boolean answered) {}

    private static final double MEAN_NANOS = 10e6;
    private static final int LOOPS = 4;
    private static final int KEYS = 100_000;

    private final Scenario scenario;
    // Null is one line before all servers: what no balancer can beat.
    private final @Nullable Balancing balancing;
    private final Random random;
    private final List<Server> servers = new ArrayList<>();
    private final PriorityQueue<Done> done = new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
    private final PickState[] loops = new PickState[LOOPS];
    private final Picking picking = new Picking();
    private final double[] zipf = new double[KEYS];
    private final Server.Request[] common;
    private @Nullable EndpointSet set;
    private long lengthNanos;
    private long setUntilNanos;
    private int commonFirst;
    private int commonEnd;

    Run(Scenario scenario, @Nullable Balancing balancing, long seed) {
        this.scenario = scenario;
        this.balancing = balancing;
        this.random = new Random(seed);
        for (Server.Plan plan : scenario.servers()) {
            servers.add(new Server(servers.size(), plan));
        }
        for (int loop = 0; loop < LOOPS; loop++) {
            loops[loop] = new PickState(loop);
        }
        double sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += 1.0 / (i + 1);
            zipf[i] = sum;
        }
        this.common = new Server.Request[balancing == null ? 1 << 20 : 0];
    }

    Result of(int requests) {
        int workers = 0;
        for (Server server : servers) {
            workers += server.plan.workers();
        }
        double gapNanos = MEAN_NANOS / (workers * scenario.load());
        lengthNanos = (long) (requests * gapNanos);
        double[] took = new double[requests];
        int answered = 0;
        double next = 0;
        for (int i = 0; i < requests; i++) {
            next += -Math.log(1 - random.nextDouble()) * gapNanos;
            while (!done.isEmpty() && done.peek().atNanos() <= next) {
                answered = finish(done.poll(), took, answered);
            }
            arrive((long) next, new Server.Request((long) next, -Math.log(1 - random.nextDouble()) * MEAN_NANOS));
        }
        while (!done.isEmpty()) {
            answered = finish(done.poll(), took, answered);
        }
        Arrays.sort(took);
        return new Result(busiest(requests), took[requests / 2] / 1e6, took[(int) (requests * 0.99)] / 1e6);
    }

    private void arrive(long now, Server.Request request) {
        if (balancing == null) {
            common[commonEnd++ & common.length - 1] = request;
            for (Server server : servers) {
                serveCommon(server, now);
            }
            return;
        }
        picking.clear();
        picking.key(key());
        Server server = (Server) Objects.requireNonNull(set(now).pick(loops[random.nextInt(LOOPS)], picking, now));
        server.inFlight++;
        server.served++;
        server.line.add(request);
        serve(server, now);
    }

    // Returns how many have been answered by then.
    private int finish(Done one, double[] took, int answered) {
        Server server = one.server();
        long now = one.atNanos();
        if (!one.answered()) {
            server.busy--;
            if (balancing == null) {
                serveCommon(server, now);
            } else {
                serve(server, now);
            }
            if (server.plan.farNanos() > 0) {
                done.add(new Done(now + server.plan.farNanos(), server, one.request(), true));
                return answered;
            }
        }
        took[answered] = now - one.request().atNanos();
        if (balancing != null) {
            server.inFlight--;
            server.latency.sample((long) took[answered], now, false);
        }
        return answered + 1;
    }

    private void serve(Server server, long now) {
        while (server.busy < server.plan.workers() && !server.line.isEmpty()) {
            begin(server, server.line.remove(), now);
        }
    }

    private void serveCommon(Server server, long now) {
        while (commonFirst != commonEnd && server.busy < server.plan.workers() && ageNanos(server, now) >= 0) {
            server.served++;
            begin(server, common[commonFirst++ & common.length - 1], now);
        }
    }

    private void begin(Server server, Server.Request request, long now) {
        double slowness = server.plan.slowness().at((double) now / lengthNanos, ageNanos(server, now));
        server.busy++;
        done.add(new Done(now + (long) (request.work() * slowness), server, request, false));
    }

    private long ageNanos(Server server, long now) {
        return now - (long) (server.plan.from() * lengthNanos);
    }

    // A new one when somebody joins or counts for more than before, as on the cold side of a process.
    private EndpointSet set(long now) {
        EndpointSet current = set;
        if (current != null && now < setUntilNanos) {
            return current;
        }
        List<Share> shares = new ArrayList<>();
        setUntilNanos = Long.MAX_VALUE;
        for (Server server : servers) {
            long age = ageNanos(server, now);
            if (age < 0) {
                setUntilNanos = Math.min(setUntilNanos, now - age);
                continue;
            }
            // Whoever is there from the beginning isn't new.
            long known = server.plan.from() == 0 ? Long.MAX_VALUE : age;
            shares.add(new Share(server, server.plan.weight())
                    .withWarmth(scenario.slowStart().percent(known)));
            long more = scenario.slowStart().untilMoreNanos(known);
            setUntilNanos = more == 0 ? setUntilNanos : Math.min(setUntilNanos, now + more);
        }
        EndpointSet made = new EndpointSet(shares, Objects.requireNonNull(balancing));
        set = made;
        return made;
    }

    // Few keys are asked for often, as in life: the first of 100,000 has 8 % of all requests.
    private long key() {
        int at = Arrays.binarySearch(zipf, random.nextDouble() * zipf[KEYS - 1]);
        return KeyHash.of(0, at < 0 ? -at - 1 : at);
    }

    private double busiest(int requests) {
        double due = 0;
        for (Server server : servers) {
            due += server.plan.weight() * (1 - server.plan.from());
        }
        double busiest = 0;
        for (Server server : servers) {
            double own = requests * server.plan.weight() * (1 - server.plan.from()) / due;
            busiest = Math.max(busiest, server.served / own);
        }
        return busiest;
    }
}
