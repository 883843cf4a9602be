package io.foregate.proxy.codec.h2;

/**
 * What we allow the peer of an HTTP/2 connection.
 *
 * @param maxConcurrentStreams that the peer may have open at a time
 * @param windowBytes that one stream may send before its data has been taken
 * @param connectionWindowBytes that all streams may together; as much again may wait for sinks that are slow
 * @param maxFrameBytes of one frame, 16,384 to 16,777,215
 * @param headerTableBytes of the table of fields that we keep for the peer's encoder
 */
public record Http2Settings(
        int maxConcurrentStreams, int windowBytes, int connectionWindowBytes, int maxFrameBytes, int headerTableBytes) {
    public static final Http2Settings DEFAULT =
            new Http2Settings(128, 128 * 1024, 2 * 1024 * 1024, Frame.DEFAULT_FRAME_SIZE, 4096);

    /** The same with a window of the connection that is the sum of so many streams'. */
    Http2Settings forStreams(int streams) {
        return new Http2Settings(
                maxConcurrentStreams, windowBytes, streams * windowBytes, maxFrameBytes, headerTableBytes);
    }
}
