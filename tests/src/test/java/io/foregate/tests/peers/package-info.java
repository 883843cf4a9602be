/** Servers and clients that others wrote, on both sides of a real process. */
@NullMarked
package io.foregate.tests.peers;

import org.jspecify.annotations.NullMarked;
