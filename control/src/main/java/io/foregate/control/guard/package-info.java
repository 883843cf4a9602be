/** Trying a configuration beside the one in force: how much of the traffic gets it, whether it does harm, and what comes of it. */
@NullMarked
package io.foregate.control.guard;

import org.jspecify.annotations.NullMarked;
