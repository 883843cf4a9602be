/** Benchmarks of what is counted for each request. */
@NullMarked
package io.foregate.proxy.upstream;

import org.jspecify.annotations.NullMarked;
