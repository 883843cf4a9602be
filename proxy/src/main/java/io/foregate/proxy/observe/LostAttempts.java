package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one exchange that came to nothing, in their order: which endpoint, and why. Belongs to its record; takes memory once
 * an attempt has been lost.
 */
public final class LostAttempts {
    /** What more there is isn't noted. */
    private static final int MOST = 8;

    /** Why the last of them was not followed by another, where more than the configuration's number of attempts is the reason. */
    public enum End {
        NONE,
        /** The pool's retry budget was used up. */
        BUDGET,
        /** As many repeats were under way in the pool as may be. */
        LIMIT,
        /** The body was too large to be kept. */
        BODY,
        /** The method may not be repeated. */
        METHOD,
        /** The origin wants longer to be left alone than the configuration allows. */
        RETRY_AFTER
    }

    private static final byte[] NONE = {};

    private byte @Nullable [] @Nullable [] endpoints;
    private Failure.@Nullable Kind @Nullable [] kinds;
    private int @Nullable [] statuses;
    private int count;
    private End end = End.NONE;

    /** An attempt failed. {@code endpoint} is kept as it is. */
    public void add(byte[] endpoint, Failure.Kind kind) {
        add(endpoint, kind, 0);
    }

    /** An attempt was answered with a status that asks for another. */
    public void add(byte[] endpoint, int status) {
        add(endpoint, null, status);
    }

    private void add(byte[] endpoint, Failure.@Nullable Kind kind, int status) {
        byte @Nullable [] @Nullable [] names = endpoints;
        Failure.@Nullable Kind @Nullable [] causes = kinds;
        int[] answers = statuses;
        if (names == null || causes == null || answers == null) {
            names = new byte @Nullable [MOST][];
            causes = new Failure.@Nullable Kind[MOST];
            answers = new int[MOST];
            endpoints = names;
            kinds = causes;
            statuses = answers;
        }
        if (count < MOST) {
            names[count] = endpoint;
            causes[count] = kind;
            answers[count] = status;
            count++;
        }
    }

    /** Says why there was no other attempt. */
    public void end(End why) {
        end = why;
    }

    public End end() {
        return end;
    }

    public int count() {
        return count;
    }

    /** The endpoint's name; not to be changed. */
    byte[] endpoint(int position) {
        byte[] name = endpoints == null ? null : endpoints[position];
        return name == null ? NONE : name;
    }

    /** Writes why: the kind of the failure, or the status of the answer. */
    void putCause(ByteSink sink, int position) {
        Failure.Kind kind = kinds == null ? null : kinds[position];
        if (kind != null) {
            sink.put(LogNames.of(kind));
        } else if (statuses != null) {
            sink.putDecimal(statuses[position]);
        }
    }

    public void clear() {
        if (count > 0 && endpoints != null && kinds != null) {
            for (int i = 0; i < count; i++) {
                endpoints[i] = null;
                kinds[i] = null;
            }
        }
        count = 0;
        end = End.NONE;
    }
}
