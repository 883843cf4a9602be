package io.foregate.control.guard;

import io.foregate.proxy.observe.SideTally.Reading;
import io.foregate.proxy.worker.Trial;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a trial does harm: route by route and over all of them, cause by cause. Used by one thread, which asks it again and
 * again.
 *
 * <p>The chance that it ever finds harm where there is none is below {@link #FALSE_ALARM}, over all routes, causes and looks of a
 * trial: that is divided by how many it looks at.
 */
final class Jury {
    /** How likely one false alarm is, within a whole trial, as far as clients have nothing to do with each other. */
    static final double FALSE_ALARM = 0.01;

    private static final double HIGHER = 1.5;
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private final Trial trial;
    private final Set<Cause> causes;
    private final long warmNanos;
    private final Map<Integer, RouteTrial> routes = new LinkedHashMap<>();

    /** @param ignored causes that are no harm this time */
    Jury(Trial trial, Set<Cause> ignored, long nowNanos) {
        this.trial = trial;
        this.causes = EnumSet.allOf(Cause.class);
        this.causes.removeAll(ignored);
        this.warmNanos = nowNanos + WARM_UP_NANOS;
    }

    /** Looks at what has been counted since, and says what harm there is: the surest, or null when there is none that is sure. */
    @Nullable
    Harm look(long nowNanos) {
        for (int place = 0; place < trial.places(); place++) {
            Trial.Compared counts = trial.compared(place);
            if (counts != null) {
                routes.computeIfAbsent(place, _ -> new RouteTrial(counts, nowNanos, warmNanos));
            }
        }
        routes.values().forEach(route -> route.look(nowNanos));
        int series = (routes.size() + 1) * causes.size() * RouteTrial.STRETCHES;
        double needed = Math.log(series / FALSE_ALARM);
        Harm surest = null;
        double most = needed;
        for (Cause cause : causes) {
            for (int stretch = 0; stretch < RouteTrial.STRETCHES; stretch++) {
                Evidence all = new Evidence();
                RouteTrial worst = null;
                double worstLog = Double.NEGATIVE_INFINITY;
                for (RouteTrial route : routes.values()) {
                    Evidence evidence = route.evidence(cause, stretch);
                    if (evidence == null) {
                        continue;
                    }
                    all.add(evidence);
                    double log = evidence.log();
                    if (worst == null || log > worstLog) {
                        worst = route;
                        worstLog = log;
                    }
                    // One route by name says more than all together.
                    if (log >= most) {
                        Harm.Numbers numbers = route.numbers(cause, stretch);
                        if (matters(cause, numbers)) {
                            most = log;
                            surest = new Harm(route.name(), false, cause, route.what(cause), numbers);
                        }
                    }
                }
                if (surest == null && worst != null && all.log() >= needed) {
                    Harm.Numbers numbers = numbers(cause, stretch);
                    if (matters(cause, numbers)) {
                        surest = new Harm(worst.name(), true, cause, worst.what(cause), numbers);
                    }
                }
            }
        }
        return surest;
    }

    // However sure it is, it has to be large enough for anybody to mind.
    private static boolean matters(Cause cause, Harm.Numbers numbers) {
        double before = numbers.rateBefore();
        double after = numbers.rateAfter();
        return after - before >= cause.least() && after >= before * HIGHER;
    }

    private Harm.Numbers numbers(Cause cause, int stretch) {
        long[] sum = new long[4];
        for (RouteTrial route : routes.values()) {
            Harm.Numbers one = route.numbers(cause, stretch);
            sum[0] += one.before();
            sum[1] += one.happenedBefore();
            sum[2] += one.after();
            sum[3] += one.happenedAfter();
        }
        return new Harm.Numbers(sum[0], sum[1], sum[2], sum[3]);
    }

    /** The share of the traffic changes. */
    void nextStep(long nowNanos) {
        routes.values().forEach(route -> route.nextStep(nowNanos));
    }

    /** To how many requests of the new side something has happened. */
    long harmed(Cause cause) {
        return numbers(cause, 0).happenedAfter();
    }

    /** What was counted of all routes on the old side. */
    Reading before() {
        return routes.values().stream().map(route -> route.before(0)).reduce(Reading.NONE, Reading::plus);
    }

    /** What was counted of all routes on the new side. */
    Reading after() {
        return routes.values().stream().map(route -> route.after(0)).reduce(Reading.NONE, Reading::plus);
    }

    /** The routes with the most requests on the new side. */
    List<GuardState.RouteNumbers> busiest(int most) {
        record Busy(RouteTrial route, Reading after) {}
        return routes.values().stream()
                .map(route -> new Busy(route, route.after(0)))
                .sorted(Comparator.comparingLong((Busy one) -> one.after.requests())
                        .reversed())
                .limit(most)
                .map(one -> new GuardState.RouteNumbers(
                        one.route.name(), GuardState.Side.of(one.route.before(0)), GuardState.Side.of(one.after)))
                .toList();
    }
}
