package io.foregate.control.run;

import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.LogTarget;
import io.foregate.proxy.observe.AccessLog;
import io.foregate.proxy.observe.AccessSink;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.observe.FailureLog;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The logs of exchanges: one line for each, and one for each failure. Thread-safe; lives a little longer than the loops. */
final class Logs implements AutoCloseable {
    private final @Nullable AccessLog access;
    private final FailureLog failures = new FailureLog();

    private Logs(@Nullable AccessLog access) {
        this.access = access;
    }

    /** Opens what the configuration names; relative paths start at {@code folder}. */
    static Logs open(Config.Logs config, Path folder) throws StartFailure {
        return new Logs(
                switch (config.access().format()) {
                    case OFF -> null;
                    case JSON -> open(config.access().to(), AccessLog.Format.JSON, folder);
                    case COMBINED -> open(config.access().to(), AccessLog.Format.COMBINED, folder);
                });
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

    /** A sink for one loop. */
    AccessSink sink() {
        AccessLog log = access;
        if (log == null) {
            return failures;
        }
        AccessSink lines = log.sink();
        return record -> {
            lines.accept(record);
            failures.accept(record);
        };
    }

    Defences defences() {
        return failures.defences();
    }

    void reopen() {
        if (access != null) {
            access.reopen();
        }
    }

    /** Writes out what there is; after the loops have ended. */
    @Override
    public void close() {
        if (access != null) {
            access.close();
        }
        failures.close();
    }
}
