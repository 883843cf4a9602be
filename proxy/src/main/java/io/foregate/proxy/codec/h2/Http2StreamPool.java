package io.foregate.proxy.codec.h2;

import java.util.ArrayDeque;

/** Streams of one event loop that are free for use. Owned by its loop; bounded. */
public final class Http2StreamPool {
    private static final int KEEP = 1024;

    private final ArrayDeque<Http2Stream> free = new ArrayDeque<>();

    Http2Stream take() {
        Http2Stream stream = free.pollLast();
        return stream != null ? stream : new Http2Stream();
    }

    void give(Http2Stream stream) {
        if (free.size() < KEEP) {
            free.addLast(stream);
        }
    }
}
