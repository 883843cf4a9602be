/** Changing the configuration of a proxy that runs: what is asked for, what comes of it, and what there was before. */
@NullMarked
package io.foregate.control.reload;

import org.jspecify.annotations.NullMarked;
