/** Pools, endpoints, balancers and the idle connections kept to them. */
@NullMarked
package io.foregate.proxy.upstream;

import org.jspecify.annotations.NullMarked;
