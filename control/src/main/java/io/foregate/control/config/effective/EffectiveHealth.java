package io.foregate.control.config.effective;

import io.foregate.control.config.model.Health;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.RequestFailure;
import io.foregate.control.config.model.StatusRange;
import io.foregate.control.config.model.Timeout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How it is found out how the servers of a pool fare.
 *
 * @param check what is asked of them
 * @param port that is asked; null for the server's own
 * @param tls whether checks speak it; null for as requests do
 */
public record EffectiveHealth(
        Setting<Check> check,
        Setting<Timeout> interval,
        Setting<Timeout> timeout,
        Setting<Integer> rise,
        Setting<Integer> fall,
        @Nullable Setting<Integer> port,
        @Nullable Setting<Boolean> tls,
        Setting<Health.Unchecked> unchecked,
        Passive passive) {

    /** What is asked of servers. */
    public sealed interface Check {}

    /** Nothing. */
    public record Nothing() implements Check {
        @Override
        public String toString() {
            return "none";
        }
    }

    /** Whether they take connections. */
    public record Tcp() implements Check {
        @Override
        public String toString() {
            return "tcp";
        }
    }

    /** What the health service of gRPC says of a service; of the server as a whole if it is empty. */
    public record Grpc(String service) implements Check {
        @Override
        public String toString() {
            return "grpc " + (service.isEmpty() ? "of the server as a whole" : service);
        }
    }

    /**
     * What they answer to a request.
     *
     * @param host null for what the pool's servers are told
     * @param body what must be in it, or null
     */
    public record Http(
            String method,
            String path,
            @Nullable String host,
            List<StatusRange> statuses,
            @Nullable String body) implements Check {
        @Override
        public String toString() {
            return method + " " + path + (host == null ? "" : " as " + host) + " with status "
                    + statuses.stream().map(StatusRange::toString).collect(Collectors.joining(", "))
                    + (body == null ? "" : " and a body that contains \"" + body + "\"");
        }
    }

    /** What follows when requests fail. */
    public record Passive(
            Setting<Health.Mode> mode,
            Setting<List<RequestFailure>> on,
            Setting<Integer> failures,
            Setting<Percent> rate,
            Setting<Timeout> window,
            Setting<Integer> minRequests,
            Setting<Timeout> ejection,
            Setting<Timeout> longest,
            Setting<Percent> share) {
        private List<Explained> explain() {
            List<Explained> said = new ArrayList<>();
            said.add(Explained.of("health.passive", mode));
            if (mode.value() == Health.Mode.ON) {
                said.add(Explained.of("health.passive.on", on));
                said.add(Explained.of("health.passive.failures", failures));
                said.add(Explained.of("health.passive.rate", rate));
                said.add(Explained.of("health.passive.window", window));
                said.add(Explained.of("health.passive.min-requests", minRequests));
                said.add(Explained.of("health.passive.ejection", ejection));
                said.add(Explained.of("health.passive.longest", longest));
                said.add(Explained.of("health.passive.share", share));
            }
            return said;
        }
    }

    /** Whether servers are checked. */
    public boolean checks() {
        return !(check.value() instanceof Nothing);
    }

    /** What applies, for people. */
    List<Explained> explain() {
        List<Explained> said = new ArrayList<>();
        said.add(Explained.of("health", check));
        if (checks()) {
            said.add(Explained.of("health.interval", interval));
            said.add(Explained.of("health.timeout", timeout));
            said.add(Explained.of("health.rise", rise));
            said.add(Explained.of("health.fall", fall));
            if (port != null) {
                said.add(Explained.of("health.port", port));
            }
            if (tls != null) {
                said.add(Explained.of("health.tls", tls));
            }
            said.add(Explained.of("health.unchecked", unchecked));
        }
        said.addAll(passive.explain());
        return said;
    }
}
