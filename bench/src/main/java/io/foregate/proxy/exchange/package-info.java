/** What benchmarks need of the exchange, in its package because they call what only it may. */
@NullMarked
package io.foregate.proxy.exchange;

import org.jspecify.annotations.NullMarked;
