package io.foregate.control.config.effective;

import io.foregate.control.config.model.Count;
import io.foregate.control.config.model.HostHeader;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Timeout;
import java.util.List;

/** A pool, with everything that it took over from another one. Its timeouts are in the routes, which may change them. */
public record EffectivePool(
        Name name,
        Setting<List<Pool.Server>> servers,
        Setting<Pool.Balance> balance,
        Setting<HostHeader> host,
        Connections connections,
        Queue queue,
        Setting<Integer> retryAttempts) {

    /** Bounds of the connections to one server, over the whole process. */
    public record Connections(Setting<Count> max, Setting<Count> idle, Setting<Timeout> idleTimeout) {}

    /** Bounds of the requests that wait for a connection. */
    public record Queue(Setting<Count> max, Setting<Timeout> timeout) {}

    /** Every setting, for people. */
    public List<Explained> explain() {
        return List.of(
                Explained.of("servers", servers),
                Explained.of("balance", balance),
                Explained.of("host", host),
                Explained.of("connections.max", connections.max),
                Explained.of("connections.idle", connections.idle),
                Explained.of("connections.idle-timeout", connections.idleTimeout),
                Explained.of("queue.max", queue.max),
                Explained.of("queue.timeout", queue.timeout),
                Explained.of("retry.attempts", retryAttempts));
    }
}
