/** Which server gets a request: stickiness, hashing, failover and zones, over real sockets. */
@NullMarked
package io.foregate.tests.balancing;

import org.jspecify.annotations.NullMarked;
