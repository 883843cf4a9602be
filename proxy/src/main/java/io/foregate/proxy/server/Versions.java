package io.foregate.proxy.server;

import io.foregate.proxy.codec.h2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of HTTP a listener speaks; at least one.
 *
 * @param http1 whether it speaks HTTP/1.1 and 1.0
 * @param http2 what clients may do with HTTP/2; null when it isn't spoken
 */
public record Versions(boolean http1, @Nullable Http2Settings http2) {
    public static final Versions ALL = new Versions(true, Http2Settings.DEFAULT);
}
