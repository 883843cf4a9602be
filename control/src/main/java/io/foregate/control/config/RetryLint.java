package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.effective.EffectiveRetry;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Retry;
import io.foregate.control.config.model.RetryOn;
import io.foregate.control.config.model.Timeout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what of retries works but is hardly meant. Says each thing once, however many routes it holds for. */
final class RetryLint {
    private final Problems problems;
    private final Set<Position> said = new HashSet<>();
    // Routes share what they don't say themselves.
    private @Nullable EffectiveRetry lastRetry;
    private EffectiveRoute.@Nullable Timeouts lastTimeouts;

    RetryLint(Problems problems) {
        this.problems = problems;
    }

    void run(EffectiveRoute route) {
        EffectiveRetry retry = route.retry();
        if (retry == lastRetry && route.timeouts() == lastTimeouts) {
            return;
        }
        lastRetry = retry;
        lastTimeouts = route.timeouts();
        List<RetryOn> on = retry.on().value();
        Setting<Timeout> patience = retry.tryTimeout();
        boolean timesOut = on.contains(RetryOn.TIMEOUT);
        if (!on.contains(RetryOn.CONNECT)) {
            warn(
                    retry.on().origin(),
                    "without connect, requests fail that no server has seen",
                    "add connect to the list, which replaces the built-in one");
        }
        if (timesOut && patience.value().isNone()) {
            warn(retry.on().origin(), "there is no try-timeout, so timeout never happens", "add try-timeout: 2s");
        }
        if (!timesOut && !patience.value().isNone()) {
            warn(
                    patience.origin(),
                    "it does nothing, as timeout isn't in on: (" + retry.on().origin() + ")",
                    "");
        }
        Setting<Timeout> firstByte = route.timeouts().firstByte();
        if (!patience.value().isNone()
                && patience.value().nanos() >= firstByte.value().nanos()) {
            warn(
                    patience.origin(),
                    patience.value() + " is never reached: timeouts.first-byte is " + firstByte.value() + " ("
                            + firstByte.origin() + ")",
                    "");
        }
        if (retry.methods().value() == Retry.Methods.IDEMPOTENT && on.stream().anyMatch(end -> end.grpcStatus() >= 0)) {
            warn(
                    retry.on().origin(),
                    "calls of gRPC are POST requests, which aren't sent twice",
                    "add methods: any, if the calls of this route may be repeated");
        }
    }

    private void warn(Origin origin, String message, String hint) {
        if (origin.position() != null && said.add(origin.position())) {
            problems.warning(origin.position(), origin.path(), message, hint);
        }
    }
}
