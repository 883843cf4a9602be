/** Tests of what is kept of changes, and of how they are described. */
@NullMarked
package io.foregate.control.reload;

import org.jspecify.annotations.NullMarked;
