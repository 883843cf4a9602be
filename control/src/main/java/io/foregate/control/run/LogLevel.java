package io.foregate.control.run;

import io.foregate.control.config.model.Config;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The severity from which messages are written: what the configuration says, or for a while what somebody wants who looks for
 * something. That ends with its time, with the process, or with a configuration that has another level itself.
 *
 * <p>Thread-safe. The log is the process's own, so where several proxies run in one process they share it.
 */
public final class LogLevel {
    private static final Logger LOG = LoggerFactory.getLogger(LogLevel.class);

    private Config.Level configured;
    private @Nullable Wish wish;

    /** @param configured what the configuration in force says */
    public LogLevel(Config.Level configured) {
        this.configured = configured;
    }

    /**
     * What somebody wants instead.
     *
     * @param until when it ends; null when only somebody else ends it
     */
    private record Wish(Config.Level level, @Nullable Instant until) {}

    /**
     * How it stands.
     *
     * @param until when {@code level} ends, where that is known
     */
    public record State(
            Config.Level level,
            Config.Level configured,
            @Nullable Instant until) {}

    public synchronized State state() {
        Wish now = wish;
        return now == null ? new State(configured, configured, null) : new State(now.level, configured, now.until);
    }

    /**
     * From now on {@code level} is what is written.
     *
     * @param time for how long; null for as long as nobody says otherwise
     */
    public synchronized void set(Config.Level level, @Nullable Duration time) {
        Wish next = new Wish(level, time == null ? null : Instant.now().plus(time));
        wish = next;
        ErrorLog.level(level);
        if (time != null) {
            Thread.ofVirtual().name("foregate-log-level").start(() -> end(next, time));
        }
    }

    private void end(Wish done, Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            if (wish == done) {
                LOG.info("the log level is what the configuration says again");
                configured();
            }
        }
    }

    /** What the configuration says holds again. */
    public synchronized void configured() {
        wish = null;
        ErrorLog.level(configured);
    }

    /** Another configuration is in force. */
    public synchronized void follow(Config.Level next) {
        if (next != configured) {
            configured = next;
            configured();
        }
    }
}
