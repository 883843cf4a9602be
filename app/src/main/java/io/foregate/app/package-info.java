/** Main, the commands, and the wiring by constructor. */
@NullMarked
package io.foregate.app;

import org.jspecify.annotations.NullMarked;
