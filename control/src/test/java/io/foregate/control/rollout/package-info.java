/** Tests of what guards say. */
@NullMarked
package io.foregate.control.rollout;

import org.jspecify.annotations.NullMarked;
