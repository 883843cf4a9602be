package io.foregate.control.run;

import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.LogTarget;
import io.foregate.proxy.observe.AccessLog;
import io.foregate.proxy.observe.AccessSink;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.observe.FailureLog;
import io.foregate.proxy.observe.Watch;
import io.foregate.proxy.server.DataPlane;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The logs of exchanges: one line for each, and one for each failure. Thread-safe; lives a little longer than the loops. */
final class Logs implements AutoCloseable {
    private final Path folder;
    private final FailureLog failures = new FailureLog();
    private final Watch watch;
    private volatile Config.AccessLog wanted;
    private volatile @Nullable AccessLog access;

    private Logs(Path folder, Watch watch, Config.AccessLog wanted, @Nullable AccessLog access) {
        this.folder = folder;
        this.watch = watch;
        this.wanted = wanted;
        this.access = access;
    }

    /** Opens what the configuration names; relative paths start at the folder of {@code settings}. */
    static Logs open(Config.Logs config, Foregate.Settings settings) throws StartFailure {
        Path folder = settings.folder();
        Watch watch = new Watch(settings.loops());
        return new Logs(folder, watch, config.access(), open(config.access(), folder));
    }

    private static @Nullable AccessLog open(Config.AccessLog config, Path folder) throws StartFailure {
        return switch (config.format()) {
            case OFF -> null;
            case JSON -> open(config.to(), AccessLog.Format.JSON, folder);
            case COMBINED -> open(config.to(), AccessLog.Format.COMBINED, folder);
        };
    }

    private static AccessLog open(LogTarget target, AccessLog.Format format, Path folder) throws StartFailure {
        Path path = folder.resolve(target.file());
        try {
            return target.isStdout() ? AccessLog.toStdout(format) : AccessLog.toFile(path, format);
        } catch (NoSuchFileException e) {
            throw new StartFailure("the access log can't be written: the folder of " + path + " doesn't exist", e);
        } catch (IOException e) {
            throw new StartFailure(
                    "the access log can't be written to " + (target.isStdout() ? "stdout" : path) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** A change to other logs, which are open. One of its methods is called, once. */
    final class Change {
        private final Config.AccessLog next;
        private final @Nullable AccessLog opened;

        private Change(Config.AccessLog next, @Nullable AccessLog opened) {
            this.next = next;
            this.opened = opened;
        }

        /** Exchanges that end from now on are told to the new log; the old one ends. May block for a while. */
        void commit(DataPlane plane) {
            if (next.equals(wanted)) {
                return;
            }
            AccessLog before = access;
            access = opened;
            wanted = next;
            plane.access(loop -> sink(loop.index()));
            if (before != null) {
                before.close();
            }
        }

        void abandon() {
            if (opened != null) {
                opened.close();
            }
        }
    }

    /**
     * Opens what the next configuration names, if it is something else.
     *
     * @throws StartFailure when it can't be written
     */
    Change prepare(Config.Logs config) throws StartFailure {
        Config.AccessLog next = config.access();
        return new Change(next, next.equals(wanted) ? null : open(next, folder));
    }

    /** A sink for one loop. */
    AccessSink sink(int loop) {
        AccessSink seen = watch.loop(loop);
        AccessLog log = access;
        AccessSink lines = log == null ? AccessSink.NONE : log.sink();
        return record -> {
            lines.accept(record);
            failures.accept(record);
            seen.accept(record);
        };
    }

    /** What can be seen of exchanges besides. */
    Watch watch() {
        return watch;
    }

    Defences defences() {
        return failures.defences();
    }

    void reopen() {
        AccessLog log = access;
        if (log != null) {
            log.reopen();
        }
    }

    /** Writes out what there is; after the loops have ended. */
    @Override
    public void close() {
        AccessLog log = access;
        if (log != null) {
            log.close();
        }
        failures.close();
    }
}
