/** Benchmarks of routing, beside what they measure. */
@NullMarked
package io.foregate.proxy.route;

import org.jspecify.annotations.NullMarked;
