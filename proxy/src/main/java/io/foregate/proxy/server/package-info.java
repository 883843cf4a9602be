/** Where clients come in: transports, listeners, and the data plane as a whole. */
@NullMarked
package io.foregate.proxy.server;

import org.jspecify.annotations.NullMarked;
