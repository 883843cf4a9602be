package io.foregate.control.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The configurations that this proxy has had, the last {@value #MOST} of them with their texts. On disk where there is a folder
 * for them, so that they outlive the process; a folder that can't be written is said once, and costs nothing but that.
 *
 * <p>A process that never changes its configuration writes nothing, unless the folder has a history already. Thread-safe.
 */
public final class Revisions {
    /** How many are kept. */
    public static final int MOST = 100;

    /** How long their texts may be altogether; the newest two are kept in any case. */
    public static final long MOST_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Revisions.class);

    /**
     * One of them.
     *
     * @param source null when it stays on disk until it is asked for: texts may be long, and there may be a hundred
     * @param stored whether it is on disk
     */
    private record Kept(Revision revision, @Nullable Source source, boolean stored) {
        Kept withoutText() {
            return stored && source != null ? new Kept(revision, null, true) : this;
        }
    }

    private final @Nullable RevisionFiles files;
    private final Clock clock;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private boolean written;
    private boolean broken;

    private Revisions(@Nullable RevisionFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /** Of this process only. */
    public static Revisions inMemory() {
        return new Revisions(null, Clock.systemUTC());
    }

    /** With the history that there is in {@code folder}; the folder is made when there is something to write. */
    public static Revisions in(Path folder) {
        Revisions revisions = new Revisions(new RevisionFiles(folder), Clock.systemUTC());
        revisions.read();
        return revisions;
    }

    private void read() {
        if (files == null) {
            return;
        }
        try {
            for (Revision revision : files.read()) {
                kept.put(revision.number(), new Kept(revision, null, true));
            }
            written = !kept.isEmpty();
            for (Kept one : List.copyOf(kept.values())) {
                if (one.revision.outcome() == Revision.Outcome.TRYING) {
                    outcome(one.revision.number(), Revision.Outcome.UNDONE, "the process ended while it was tried");
                }
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** The configuration with which the process starts; the newest revision, if it is that. */
    synchronized Revision start(Source source) {
        Kept last = kept.isEmpty() ? null : kept.lastEntry().getValue();
        if (last != null && last.revision.outcome() == Revision.Outcome.APPLIED) {
            Source before = source(last.revision.number());
            if (before != null && before.sameText(source)) {
                return last.revision;
            }
        }
        return put(source, "start", "", Revision.Outcome.APPLIED, "");
    }

    /** A configuration was put in force, or couldn't be. */
    synchronized Revision add(Source source, String author, String message, Revision.Outcome outcome, String note) {
        // There is something to come back to now.
        if (!written) {
            written = true;
            kept.replaceAll((number, one) -> written(one));
        }
        return put(source, author, message, outcome, note);
    }

    private Revision put(Source source, String author, String message, Revision.Outcome outcome, String note) {
        long number = kept.isEmpty() ? 1 : kept.lastKey() + 1;
        Revision revision = new Revision(number, clock.instant(), author, message, outcome, note, source.text().length);
        // The texts of two are at hand, whatever becomes of the disk: the one in force, and the one to go back to.
        kept.headMap(number - 1).replaceAll((other, one) -> one.withoutText());
        Kept made = new Kept(revision, source, false);
        kept.put(number, written ? written(made) : made);
        forgetOld();
        return revision;
    }

    /** Another outcome of one that is kept. */
    public synchronized void outcome(long number, Revision.Outcome outcome, String note) {
        Kept one = kept.get(number);
        if (one != null) {
            Kept changed = new Kept(one.revision.with(outcome, note), source(number), false);
            kept.put(number, written ? written(changed) : changed);
        }
    }

    private void forgetOld() {
        long bytes =
                kept.values().stream().mapToLong(one -> one.revision.bytes()).sum();
        while (kept.size() > 2 && (kept.size() > MOST || bytes > MOST_BYTES)) {
            Kept oldest = Objects.requireNonNull(kept.remove(leastWanted()));
            bytes -= oldest.revision.bytes();
            if (files != null && written) {
                files.delete(oldest.revision.number());
            }
        }
    }

    // One that never was in force is nothing to go back to. The last one stays: the next number follows it.
    private long leastWanted() {
        for (Map.Entry<Long, Kept> one : kept.headMap(kept.lastKey()).entrySet()) {
            if (one.getValue().revision.outcome() == Revision.Outcome.FAILED) {
                return one.getKey();
            }
        }
        return kept.firstKey();
    }

    // What is kept of it once it has been written; all of it when that fails.
    private Kept written(Kept one) {
        if (files == null || one.source == null) {
            return one;
        }
        try {
            files.write(one.revision, one.source);
            broken = false;
            return new Kept(one.revision, one.source, true);
        } catch (IOException e) {
            failed(e);
            return one;
        }
    }

    private void failed(IOException e) {
        if (!broken && files != null) {
            broken = true;
            LOG.warn(
                    "the history of configurations can't be kept in {} ({}); it is lost when this process ends",
                    files.folder(),
                    e.toString());
        }
    }

    /** All that are kept, the newest first. */
    public synchronized List<Revision> history() {
        List<Revision> all = new ArrayList<>();
        kept.descendingMap().values().forEach(one -> all.add(one.revision));
        return all;
    }

    /** The text of one; null when it isn't kept, or can't be read any more. */
    public synchronized @Nullable Source source(long number) {
        Kept one = kept.get(number);
        if (one == null || one.source != null || files == null) {
            return one == null ? null : one.source;
        }
        try {
            return files.source(number);
        } catch (IOException | JacksonException e) {
            LOG.warn("revision {} can't be read: {}", number, e.toString());
            return null;
        }
    }
}
