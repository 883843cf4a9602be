/** Benchmarks of HPACK, in its package. */
@NullMarked
package io.foregate.proxy.codec.hpack;

import org.jspecify.annotations.NullMarked;
