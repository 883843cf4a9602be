/** From configuration records to the immutable snapshot that workers run. */
@NullMarked
package io.foregate.control.build;

import org.jspecify.annotations.NullMarked;
