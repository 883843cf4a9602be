package io.foregate.proxy.codec.h2;

/**
 * How the last streams of a connection ended, since what their peer still sends for them means different things (RFC 9113 §5.1).
 * Bounded: of older ones it is supposed that we have reset them. Owned by its connection.
 */
final class ClosedStreams {
    /** Not one of the last, or never opened. */
    static final int UNKNOWN = 0;
    /** Both sides said END_STREAM, or the peer reset it: nothing may come for it any more. */
    static final int BY_PEER = 1;
    /** We reset it: what was on its way is ignored. */
    static final int BY_US = 2;

    private static final int KEPT = 128;

    private int[] ids = {};
    private byte[] reasons = {};
    private int next;
    /** The highest that has been forgotten. */
    private int forgotten;

    void add(int id, int reason) {
        if (ids.length == 0) {
            ids = new int[KEPT];
            reasons = new byte[KEPT];
        }
        forgotten = Math.max(forgotten, ids[next]);
        ids[next] = id;
        reasons[next] = (byte) reason;
        next = (next + 1) & (KEPT - 1);
    }

    int reason(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return reasons[i];
            }
        }
        // So long ago, and still the peer may not have heard of our reset.
        return id <= forgotten ? BY_US : UNKNOWN;
    }
}
