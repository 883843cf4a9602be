/** Looking at a process that runs: what has failed and why, what is under way, who asks how much. Cold side. */
@NullMarked
package io.foregate.control.watch;

import org.jspecify.annotations.NullMarked;
