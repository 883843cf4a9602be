/** The running process: from a loaded configuration to sockets that answer, and to a clean end. */
@NullMarked
package io.foregate.control.run;

import org.jspecify.annotations.NullMarked;
