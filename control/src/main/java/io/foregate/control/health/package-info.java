/** Asking the servers of pools how they are, on the cold side: blocking checks on virtual threads, once for the process. */
@NullMarked
package io.foregate.control.health;

import org.jspecify.annotations.NullMarked;
