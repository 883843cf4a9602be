/** Pools of endpoints, the choice among them, and the connections that each loop keeps to them. */
@NullMarked
package io.foregate.proxy.upstream;

import org.jspecify.annotations.NullMarked;
