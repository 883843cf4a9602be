/** Benchmarks of the logs, in their package because they call what only it may. */
@NullMarked
package io.foregate.proxy.observe;

import org.jspecify.annotations.NullMarked;
