/** Messages as all parts of Foregate see them: heads, their fields, and failures. No I/O happens here. */
@NullMarked
package io.foregate.api.message;

import org.jspecify.annotations.NullMarked;
