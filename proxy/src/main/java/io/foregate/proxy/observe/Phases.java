package io.foregate.proxy.observe;

/**
 * How long the phases of an exchange took, from the points in time of its record.
 *
 * <p>A phase that was reached and not left lasts until the exchange's end, so that a time-out shows in the phase that it
 * happened in. Nanoseconds; {@link #NOT_REACHED} for a phase that never began.
 */
final class Phases {
    static final long NOT_REACHED = -1;

    private Phases() {}

    /** From first asking for an upstream connection until the last attempt began to connect; earlier attempts count in. */
    static long queue(AccessRecord record) {
        return between(record, record.queuedNanos, record.connectStartNanos);
    }

    /** Until the last attempt had its connection; nearly 0 for a kept one. */
    static long connect(AccessRecord record) {
        return between(record, record.connectStartNanos, record.connectedNanos);
    }

    /** From having the connection until the first byte of the final answer: the request's way out and the origin's work. */
    static long firstByte(AccessRecord record) {
        // Left over from an attempt before the last one, which then never got its connection.
        boolean stale = record.connectedNanos - record.connectStartNanos < 0;
        return stale ? NOT_REACHED : between(record, record.connectedNanos, record.firstByteNanos);
    }

    /** From the first byte of the final answer until the end. */
    static long transfer(AccessRecord record) {
        return between(record, record.firstByteNanos, record.endNanos);
    }

    /** The whole exchange. */
    static long total(AccessRecord record) {
        return between(record, record.startNanos, record.endNanos);
    }

    private static long between(AccessRecord record, long from, long to) {
        if (from == 0) {
            return NOT_REACHED;
        }
        long end = to == 0 || to - from < 0 ? record.endNanos : to;
        return Math.max(end - from, 0);
    }
}
