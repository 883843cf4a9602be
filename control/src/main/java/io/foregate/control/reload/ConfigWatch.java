package io.foregate.control.reload;

import io.foregate.control.build.Secrets;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.SecretRef;
import io.foregate.control.config.model.Sticky;
import io.foregate.control.pem.FileStamps;
import io.foregate.control.run.Foregate;
import io.foregate.control.tls.OriginTlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files while the proxy runs: at those that pools need for TLS, so that what is renewed is used and what was broken gets
 * well; and, where it is wanted, at the configuration itself. What has changed is put in force once it has stopped changing, so
 * that half of it is never read. It looks rather than waits to be told, which works for links that are exchanged and folders that
 * come from elsewhere, too. Certificates of sites have a watch of their own.
 *
 * <p>One virtual thread. Lives until {@link #close}.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final String AUTHOR = "file change";

    private final Foregate foregate;
    private final Reloader reloader;
    private final Path file;
    private final boolean text;
    private final Thread thread;

    private ConfigWatch(Foregate foregate, Reloader reloader, Path file, boolean text) {
        this.foregate = foregate;
        this.reloader = reloader;
        this.file = file;
        this.text = text;
        this.thread = Thread.ofVirtual().name("foregate-watch").unstarted(this::watch);
    }

    /**
     * Begins to look.
     *
     * @param text whether {@code file} is looked at, and not only what it names
     */
    public static ConfigWatch start(Foregate foregate, Reloader reloader, Path file, boolean text) {
        ConfigWatch watch = new ConfigWatch(foregate, reloader, file, text);
        watch.thread.start();
        return watch;
    }

    /** Some files, and whether they have changed and then rested. */
    private static final class Rested {
        private final List<Path> files;
        private final FileStamps stamps;
        private boolean due;

        Rested(List<Path> files, boolean due) {
            this.files = files;
            this.stamps = new FileStamps(files);
            this.due = due;
        }

        boolean look() {
            if (stamps.changed()) {
                due = true;
                return false;
            }
            boolean now = due;
            due = false;
            return now;
        }
    }

    private void watch() {
        // What has changed between the start of the process and now counts, too.
        Rested config = new Rested(text ? List.of(file) : List.of(), text);
        Rested outside = new Rested(outside(), false);
        try {
            while (true) {
                Thread.sleep(LOOK);
                if (reloader.isTrying()) {
                    // What changes meanwhile is seen when that is settled.
                    continue;
                }
                if (config.look() && !isInForce()) {
                    guarded(() -> reloader.reload(file, AUTHOR));
                }
                if (outside.look()) {
                    guarded(() -> reloader.again(AUTHOR));
                }
                List<Path> files = outside();
                if (!files.equals(outside.files)) {
                    outside = new Rested(files, false);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Path> outside() {
        return foregate.running().config().pools().values().stream()
                .flatMap(pool -> Stream.concat(OriginTlsFiles.of(pool).stream(), stickyKey(pool).stream()))
                .distinct()
                .toList();
    }

    private static Optional<Path> stickyKey(EffectivePool pool) {
        Setting<Sticky> sticky = pool.division().sticky();
        if (sticky == null) {
            return Optional.empty();
        }
        SecretRef key = sticky.value().key();
        return key == null || key.kind() != SecretRef.Kind.FILE
                ? Optional.empty()
                : Optional.of(Secrets.file(key, sticky.origin()));
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private static void guarded(Task task) throws InterruptedException {
        try {
            task.run();
        } catch (RuntimeException e) {
            // A mistake of ours with one text must not end the watch for the next.
            LOG.error("what has changed could not be put in force", e);
        }
    }

    // An editor may save what was there before, and a rollback must not be undone by a touch.
    private boolean isInForce() {
        try {
            return Source.of(file).sameText(reloader.inForce());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
