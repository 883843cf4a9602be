/** Tests of the command line, and of the process that it starts. */
@NullMarked
package io.foregate.app;

import org.jspecify.annotations.NullMarked;
