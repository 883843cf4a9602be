/** Which route answers a request: hosts, paths and conditions, compiled once and read by every loop. */
@NullMarked
package io.foregate.proxy.route;

import org.jspecify.annotations.NullMarked;
