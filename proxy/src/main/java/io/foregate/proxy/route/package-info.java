/** From a request head to its route, at a cost independent of the number of routes. */
@NullMarked
package io.foregate.proxy.route;

import org.jspecify.annotations.NullMarked;
