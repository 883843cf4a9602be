/** Tests of builds. */
@NullMarked
package io.foregate.control.build;

import org.jspecify.annotations.NullMarked;
