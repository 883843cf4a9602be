package io.foregate.control.config.effective;

import io.foregate.control.config.model.Balance;
import io.foregate.control.config.model.Concurrency;
import io.foregate.control.config.model.Count;
import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.HostHeader;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.ServerName;
import io.foregate.control.config.model.Sticky;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.config.model.WholePercent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool, with everything that it took over from another one. Its timeouts and retries are in the routes, which may change them. */
public record EffectivePool(
        Name name,
        Setting<List<Pool.Server>> servers,
        Setting<Balance> balance,
        Division division,
        Setting<HostHeader> host,
        Connections connections,
        Queue queue,
        Limits limits,
        Setting<Concurrency> concurrency,
        Tls tls,
        Setting<Pool.Protocol> protocol,
        Setting<Pool.ProxyProtocol> proxyProtocol,
        EffectiveHealth health) {

    /** How requests are divided, besides {@code balance}; {@code sticky} and {@code zone} are null where nobody says anything. */
    public record Division(
            @Nullable Setting<Sticky> sticky,
            Setting<Timeout> slowStart,
            Setting<WholePercent> panic,
            Setting<WholePercent> headroom,
            @Nullable Setting<Name> zone) {
        /** What was said, for people. */
        List<Explained> explain() {
            List<Explained> said = new ArrayList<>();
            if (sticky != null) {
                said.add(Explained.of("sticky", sticky));
            }
            said.add(Explained.of("slow-start", slowStart));
            said.add(Explained.of("panic", panic));
            said.add(Explained.of("headroom", headroom));
            if (zone != null) {
                said.add(Explained.of("zone", zone));
            }
            return said;
        }
    }

    /** Bounds of the connections to one server, over the whole process. */
    public record Connections(Setting<Count> max, Setting<Count> idle, Setting<Timeout> idleTimeout) {}

    /** Bounds of the requests that wait for a connection. */
    public record Queue(Setting<Count> max, Setting<Timeout> timeout) {}

    /** Bounds of what there is to do at a time, for each server and the whole pool. */
    public record Limits(
            Setting<Count> requests, Setting<Count> poolRequests, Setting<Count> poolQueue, Setting<Count> retries) {}

    /** TLS towards servers that are reached by it; {@code null} where nobody says anything. */
    public record Tls(
            @Nullable Setting<FilePath> ca,
            @Nullable Setting<ServerName> name,
            @Nullable Setting<FilePath> cert,
            @Nullable Setting<FilePath> key,
            Setting<Boolean> verify) {
        /** What was said, for people. */
        List<Explained> explain() {
            List<Explained> said = new ArrayList<>();
            addTo(said, "tls.ca", ca);
            addTo(said, "tls.name", name);
            addTo(said, "tls.cert", cert);
            addTo(said, "tls.key", key);
            addTo(said, "tls.verify", verify);
            return said;
        }

        private static void addTo(List<Explained> said, String key, @Nullable Setting<?> setting) {
            if (setting != null) {
                said.add(Explained.of(key, setting));
            }
        }
    }

    /** Whether any server is reached by TLS, or may turn out to be. */
    public boolean secure() {
        return servers.value().stream().anyMatch(server -> server.secure() || server.maybeSecure());
    }

    /** Every setting, for people. */
    public List<Explained> explain() {
        List<Explained> all = new ArrayList<>(List.of(
                Explained.of("servers", servers),
                Explained.of("balance", balance),
                Explained.of("host", host),
                Explained.of("connections.max", connections.max),
                Explained.of("connections.idle", connections.idle),
                Explained.of("connections.idle-timeout", connections.idleTimeout),
                Explained.of("queue.max", queue.max),
                Explained.of("queue.timeout", queue.timeout),
                Explained.of("limits.requests", limits.requests),
                Explained.of("limits.pool-requests", limits.poolRequests),
                Explained.of("limits.pool-queue", limits.poolQueue),
                Explained.of("limits.retries", limits.retries),
                Explained.of("concurrency", concurrency),
                Explained.of("protocol", protocol),
                Explained.of("proxy-protocol", proxyProtocol)));
        all.addAll(health.explain());
        all.addAll(2, division.explain());
        if (secure()) {
            all.addAll(tls.explain());
        }
        return List.copyOf(all);
    }
}
