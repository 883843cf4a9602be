/** Tests of explanations. */
@NullMarked
package io.foregate.control.explain;

import org.jspecify.annotations.NullMarked;
