package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one loop sees of its exchanges: it keeps the last that failed, and tells whoever looks. Those that failed by their client's
 * doing are kept apart, so that a scanner's 404s don't push out what an origin did. On its loop only.
 */
public final class LoopWatch implements AccessSink {
    private final Watch watch;
    private final int index;
    private final RecordRing failures;
    private final RecordRing refusals;
    private @Nullable RecordLines lines;

    LoopWatch(Watch watch, int index, RecordRing failures, RecordRing refusals) {
        this.watch = watch;
        this.index = index;
        this.failures = failures;
        this.refusals = refusals;
    }

    @Override
    public void accept(AccessRecord record) {
        Watcher[] now = watch.watchers();
        boolean failed = failed(record);
        if (failed || now.length > 0) {
            look(record, failed, now);
        }
    }

    /** Whether an exchange is one that people ask about: it failed, or was answered with an error of a server. */
    static boolean failed(AccessRecord record) {
        return record.failure != null
                || record.status >= 500
                || record.grpcStatus > 0 && Ending.of(record).isError();
    }

    private void look(AccessRecord record, boolean failed, Watcher[] watchers) {
        RecordLines text = lines;
        if (text == null) {
            text = new RecordLines();
            lines = text;
        }
        for (Watcher watcher : watchers) {
            watcher.ended(index, record, text);
        }
        if (failed) {
            int length = text.write(record);
            Failure failure = record.failure;
            boolean client = failure != null && failure.source() == Failure.Source.CLIENT;
            int hash = hash(record.requestId, record.requestIdLength);
            (client ? refusals : failures).add(text.scratch(), length, hash);
        }
    }

    /** By which exchanges are found again. */
    private static int hash(byte[] id, int length) {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + id[i];
        }
        return hash;
    }

    /**
     * What failed, the newest first, as JSON: up to {@code most} where clients weren't at fault and as many where they were.
     */
    public List<byte[]> failures(int most) {
        List<byte[]> found = new ArrayList<>(failures.newest(most));
        found.addAll(refusals.newest(most));
        return found;
    }

    /** What failed with that id, and a few with others: whoever asks has to compare. */
    public List<byte[]> failuresOf(byte[] id, int most) {
        int hash = hash(id, id.length);
        List<byte[]> found = new ArrayList<>(failures.with(hash, most));
        found.addAll(refusals.with(hash, most));
        return found;
    }

    /** How many are kept. */
    public int kept() {
        return failures.size() + refusals.size();
    }

    /** The one that is next to be forgotten of those where clients weren't at fault; null when there is none. */
    public byte @Nullable [] oldest() {
        return failures.last();
    }
}
