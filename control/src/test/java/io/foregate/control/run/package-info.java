/** Tests of the running process. */
@NullMarked
package io.foregate.control.run;

import org.jspecify.annotations.NullMarked;
