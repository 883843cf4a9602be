/** How every balancer fares over servers that differ and change: no network, no clock, the same numbers on every machine. */
@NullMarked
package io.foregate.proxy.balance.simulation;

import org.jspecify.annotations.NullMarked;
