package io.foregate.control.plan;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Timeout;
import io.foregate.proxy.sample.SampledHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds timeouts that recent requests would not have met: those of the route that would take them, not of the one that did. One use. */
final class Slowness {
    private static final int FEWEST = 10;
    private static final double QUANTILE = 0.99;
    private static final int SWITCHING_PROTOCOLS = 101;

    private static final class Seen {
        final List<SampledHead> heads = new ArrayList<>();
    }

    private final Map<EffectiveRoute, Seen> routes = new IdentityHashMap<>();

    void add(SampledHead head, Fate fate) {
        EffectiveRoute route = fate.route();
        SampledHead.End end = head.end();
        if (route != null && fate.forwarded() && end.firstByteMicros() > 0 && end.status() != SWITCHING_PROTOCOLS) {
            routes.computeIfAbsent(route, _ -> new Seen()).heads.add(head);
        }
    }

    List<Problem> advice() {
        Set<Problem> found = new LinkedHashSet<>();
        routes.forEach((route, seen) -> {
            EffectiveRoute.Timeouts timeouts = route.timeouts();
            add(
                    found,
                    "answers began",
                    timeouts.firstByte(),
                    seen.heads.stream()
                            .mapToInt(head -> head.end().firstByteMicros())
                            .toArray());
            add(
                    found,
                    "requests ended",
                    timeouts.total(),
                    seen.heads.stream()
                            .mapToInt(head -> head.end().totalMicros())
                            .filter(micros -> micros > 0)
                            .toArray());
        });
        return found.stream().sorted().toList();
    }

    private static void add(Set<Problem> found, String what, Setting<Timeout> timeout, int[] micros) {
        Problem problem = problem(what, timeout, micros);
        if (problem != null) {
            found.add(problem);
        }
    }

    private static @Nullable Problem problem(String what, Setting<Timeout> timeout, int[] micros) {
        Position position = timeout.origin().position();
        if (position == null || timeout.value().isNone() || micros.length < FEWEST) {
            return null;
        }
        Arrays.sort(micros);
        long allowed = timeout.value().nanos() / 1000;
        int p99 = micros[(int) Math.min(micros.length - 1, Math.ceil(micros.length * QUANTILE) - 1)];
        long slower = Arrays.stream(micros).filter(one -> one > allowed).count();
        // One of a few is chance.
        if (p99 <= allowed || slower < 2) {
            return null;
        }
        return Problem.at(
                position,
                timeout.origin().path(),
                timeout.value() + " is less than some of its requests took of late: the " + what + " within "
                        + time(p99) + " for 99 %, and " + slower + " of " + micros.length + " took longer than "
                        + timeout.value(),
                "write at least " + time(2L * p99) + ", or have these requests answered more quickly first");
    }

    private static String time(long micros) {
        if (micros >= 10_000_000) {
            return (micros + 999_999) / 1_000_000 + "s";
        }
        return Math.max(1, (micros + 999) / 1000) + "ms";
    }
}
