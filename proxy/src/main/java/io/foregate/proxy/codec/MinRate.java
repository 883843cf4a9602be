package io.foregate.proxy.codec;

/**
 * How fast a client has to be while it is waited for: on average over each window.
 *
 * @param uploadPerSecond bytes of a request's body that have to come; 0 for no minimum
 * @param downloadPerSecond bytes of an answer that have to be taken; 0 for no minimum
 * @param windowNanos the span over which is measured: how long a client may pause that hasn't been faster before
 */
public record MinRate(long uploadPerSecond, long downloadPerSecond, long windowNanos) {
    public static final MinRate NONE = new MinRate(0, 0, Long.MAX_VALUE);

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** What has to be taken within a window: at least a byte, however short it is. */
    public long downloadBytes() {
        return Math.max((long) (downloadPerSecond * ((double) windowNanos / SECOND_NANOS)), 1);
    }
}
