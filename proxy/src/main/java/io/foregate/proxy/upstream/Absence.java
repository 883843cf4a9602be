package io.foregate.proxy.upstream;

/**
 * A time for which an endpoint gets no requests because of what requests have met with there. When it is over it has lapsed: one
 * request at a time, or a check, finds out how things are. Immutable.
 *
 * @param untilNanos until when at least, as {@link System#nanoTime()} has it; 0 while there is none
 * @param count how many there have been in a row; it outlasts the absence, so that the next one can be longer
 * @param lapsed whether it is over and requests find out
 * @param changedNanos when it began, or ended
 */
record Absence(long untilNanos, int count, String reason, boolean lapsed, long changedNanos) {
    static final Absence NONE = new Absence(0, 0, "", false, 0);

    boolean present() {
        return untilNanos != 0;
    }

    boolean over(long nowNanos) {
        return untilNanos == 0 || nowNanos - untilNanos >= 0;
    }

    /** From now on, whether or not there was one. */
    Absence begin(long nowNanos, long lastsNanos, String why) {
        return new Absence(nonzero(nowNanos + lastsNanos), count + 1, why, false, nowNanos);
    }

    /** It is over; nobody else is to try before {@code nextTryNanos} have passed. */
    Absence lapse(long nowNanos, long nextTryNanos) {
        return present() ? new Absence(nonzero(nowNanos + nextTryNanos), count, reason, true, changedNanos) : this;
    }

    Absence end(long nowNanos) {
        return present() ? new Absence(0, count, "", false, nowNanos) : this;
    }

    /** The next one is as short as the first. */
    Absence forgotten() {
        return count == 0 ? this : new Absence(untilNanos, 0, reason, lapsed, changedNanos);
    }

    private static long nonzero(long nanos) {
        return nanos == 0 ? 1 : nanos;
    }
}
