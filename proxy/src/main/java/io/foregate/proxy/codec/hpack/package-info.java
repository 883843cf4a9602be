/** HPACK (RFC 7541): field sections of HTTP/2 straight into, and out of, the block of a head. Nothing here is thread-safe. */
@NullMarked
package io.foregate.proxy.codec.hpack;

import org.jspecify.annotations.NullMarked;
