/** JMH benchmarks of what every request passes through. */
@NullMarked
package io.foregate.bench;

import org.jspecify.annotations.NullMarked;
