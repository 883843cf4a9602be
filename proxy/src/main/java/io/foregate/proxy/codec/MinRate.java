package io.foregate.proxy.codec;

/**
 * How fast a client has to be while it is waited for: on average over each window.
 *
 * @param uploadPerSecond bytes of a request's body that have to come; 0 for no minimum
 * @param downloadPerSecond bytes of an answer that have to be taken; 0 for no minimum
 * @param windowNanos the span over which is measured, and so the longest pause
 */
public record MinRate(long uploadPerSecond, long downloadPerSecond, long windowNanos) {
    public static final MinRate NONE = new MinRate(0, 0, Long.MAX_VALUE);

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** What has to come within a window. */
    public long uploadBytes() {
        return bytes(uploadPerSecond);
    }

    /** What has to be taken within a window. */
    public long downloadBytes() {
        return bytes(downloadPerSecond);
    }

    // At least one, so that a window shorter than one byte's time still asks for progress.
    private long bytes(long perSecond) {
        return Math.max((long) (perSecond * ((double) windowNanos / SECOND_NANOS)), 1);
    }
}
