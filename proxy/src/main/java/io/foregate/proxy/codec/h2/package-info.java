/**
 * HTTP/2 (RFC 9113) behind {@link io.foregate.proxy.codec.HttpStream}: frames, streams and flow control, which both roles share,
 * and the server's role. Everything here belongs to its connection's event loop.
 */
@NullMarked
package io.foregate.proxy.codec.h2;

import org.jspecify.annotations.NullMarked;
