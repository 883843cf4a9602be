package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Concurrency;
import io.foregate.control.config.model.Count;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.PoolLimits;
import io.foregate.control.config.model.Size;
import org.jspecify.annotations.Nullable;

/** Finds limits that let nothing through. The configuration may have holes. */
final class LimitChecks {
    private final Report report;

    LimitChecks(Report report) {
        this.report = report;
    }

    void run(Pool pool, TreePath path) {
        PoolLimits limits = pool.limits();
        if (limits != null) {
            notNone(path.key("limits").key("requests"), limits.requests());
            notNone(path.key("limits").key("pool-requests"), limits.poolRequests());
        }
        connections(pool.connections(), path.key("connections"));
        Concurrency concurrency = pool.concurrency();
        TreePath at = path.key("concurrency");
        if (concurrency != null && !report.isBroken(at) && concurrency.min() > concurrency.max()) {
            report.errorAtKey(
                    at,
                    "min is " + concurrency.min() + ", which is more than max, " + concurrency.max(),
                    "min is 4 and max 1000 where nothing is said");
        }
    }

    /** What a pool's connections to each server are bounded by. */
    void connections(Pool.Connections connections, TreePath path) {
        notNone(path.key("max"), connections.max());
    }

    /** Of a listener, or of all. */
    void heads(Listener.HeadLimits limits, TreePath path) {
        notNone(path.key("connections"), limits.connections());
        notNone(path.key("connections-per-client"), limits.connectionsPerClient());
        notNone(path.key("header-count"), limits.headerCount());
        notNone(path.key("header-bytes"), limits.headerBytes());
        notNone(path.key("target"), limits.target());
    }

    private void notNone(TreePath path, @Nullable Size size) {
        if (size != null && size.bytes() == 0) {
            report.errorAtValue(path, size + " lets no request through", "write 1KiB or more, or none for no limit");
        }
    }

    private void notNone(TreePath path, @Nullable Count count) {
        if (count != null && count.value() == 0) {
            report.errorAtValue(path, "0 lets no request through", "write 1 or more, or none for no limit");
        }
    }
}
