/** Heads, header blocks and failures: what one HTTP message is, whatever its version. */
@NullMarked
package io.foregate.api.message;

import org.jspecify.annotations.NullMarked;
