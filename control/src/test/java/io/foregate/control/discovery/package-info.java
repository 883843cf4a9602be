/** Tests of name resolution. */
@NullMarked
package io.foregate.control.discovery;

import org.jspecify.annotations.NullMarked;
