package io.foregate.proxy.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when an endpoint goes down and when it is back: one line each, and for one that does so all the time a few lines in a
 * minute. Thread-safe.
 */
final class HealthLog {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointHealth.class);
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int LINES_PER_MINUTE = 10;

    private final String name;
    private final AtomicInteger lines = new AtomicInteger();
    private volatile long minuteBegan = System.nanoTime();
    // Since when and why it has been down, so that trying to reach it doesn't look like news.
    private volatile @Nullable EndpointStatus down;

    HealthLog(String name) {
        this.name = name;
    }

    void changed(EndpointStatus now) {
        EndpointStatus before = down;
        switch (now.state()) {
            case DOWN -> {
                if (before == null) {
                    down = now;
                    if (mayWrite()) {
                        LOG.warn("endpoint {} is down: {}; requests go elsewhere", name, now.reason());
                    }
                }
            }
            case UP -> {
                down = null;
                if (before == null) {
                    LOG.debug("endpoint {} is up{}", name, said(now));
                } else if (mayWrite()) {
                    long millis = (now.sinceNanos() - before.sinceNanos()) / 1_000_000;
                    LOG.info(
                            "endpoint {} is up again{}, after {} ms; it was: {}",
                            name,
                            said(now),
                            millis,
                            before.reason());
                }
            }
            case UNKNOWN, DRAINING, MAINTENANCE -> {}
        }
    }

    private static String said(EndpointStatus status) {
        return status.reason().isEmpty() ? "" : " (" + status.reason() + ")";
    }

    private boolean mayWrite() {
        long now = System.nanoTime();
        if (now - minuteBegan > MINUTE_NANOS) {
            minuteBegan = now;
            int before = lines.getAndSet(0);
            if (before > LINES_PER_MINUTE) {
                LOG.warn("endpoint {} went up and down {} times more in a minute", name, before - LINES_PER_MINUTE);
            }
        }
        int line = lines.incrementAndGet();
        if (line == LINES_PER_MINUTE) {
            LOG.warn("endpoint {} goes up and down all the time; no more is said about it for a minute", name);
        }
        return line < LINES_PER_MINUTE;
    }
}
