/**
 * The sample of recent requests: what of them may be kept, and what can be said of a request of which only that is known.
 */
@NullMarked
package io.foregate.control.sample;

import org.jspecify.annotations.NullMarked;
