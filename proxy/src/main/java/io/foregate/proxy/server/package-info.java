/** Listeners, and all that comes before the first byte of HTTP. */
@NullMarked
package io.foregate.proxy.server;

import org.jspecify.annotations.NullMarked;
