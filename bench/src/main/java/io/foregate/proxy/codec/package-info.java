/** Benchmarks of the codec, in its package because they call what only it may. */
@NullMarked
package io.foregate.proxy.codec;

import org.jspecify.annotations.NullMarked;
