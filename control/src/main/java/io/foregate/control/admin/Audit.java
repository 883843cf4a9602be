package io.foregate.control.admin;

import io.foregate.control.run.ErrorLog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has changed what by the admin API, or tried to: each a line of the error log, whatever its level, and the last ones in
 * memory. Thread-safe.
 */
final class Audit {
    /** How many are kept in memory. */
    static final int KEPT = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.AUDIT);
    private static final int LONGEST = 300;

    /**
     * One change.
     *
     * @param what was asked for
     * @param status with which it was answered
     * @param outcome in a few words
     */
    record Entry(Instant time, String who, String from, String what, int status, String outcome) {}

    private final Deque<Entry> last = new ArrayDeque<>();

    void add(Caller caller, String what, int status, String outcome) {
        Entry entry =
                new Entry(Instant.now(), clean(caller.name()), caller.from(), clean(what), status, clean(outcome));
        LOG.info(
                "admin: {} ({}): {}: {}{}",
                entry.who,
                entry.from,
                entry.what,
                entry.status,
                entry.outcome.isEmpty() ? "" : " " + entry.outcome);
        synchronized (last) {
            last.addFirst(entry);
            if (last.size() > KEPT) {
                last.removeLast();
            }
        }
    }

    /** The newest first. */
    List<Entry> entries() {
        synchronized (last) {
            return new ArrayList<>(last);
        }
    }

    // Others read these lines, and a line is one line.
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return clean.toString();
    }
}
