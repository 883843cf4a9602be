/**
 * HTTP on the wire. A codec turns bytes into {@link io.foregate.proxy.codec.HttpStream} events and back; hop-by-hop matters
 * (connection persistence, framing, upgrades) begin and end here, and nothing above this package knows which version is spoken.
 */
@NullMarked
package io.foregate.proxy.codec;

import org.jspecify.annotations.NullMarked;
