/**
 * The configuration as records: immutable values, in their long form, exactly what the user wrote and nothing else. What
 * applies in the end, with everything that was left out, is computed from them in the package {@code effective}.
 */
@NullMarked
package io.foregate.control.config.model;

import org.jspecify.annotations.NullMarked;
