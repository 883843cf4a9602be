/**
 * What applies in the end: every setting of every route, pool and listener, with the place that it came from. The
 * snapshot is built from this, {@code explain} prints it, and nothing behind it looks at the configuration file again.
 */
@NullMarked
package io.foregate.control.config.effective;

import org.jspecify.annotations.NullMarked;
