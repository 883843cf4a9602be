/**
 * Choosing among the members of a pool. Knows nothing of sockets or HTTP, so that it can be simulated; what a member is, and
 * whether it is well, its owner says.
 */
@NullMarked
package io.foregate.proxy.balance;

import org.jspecify.annotations.NullMarked;
