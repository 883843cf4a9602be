/** How a process that is to take over is started. */
@NullMarked
package io.foregate.control.handover;

import org.jspecify.annotations.NullMarked;
