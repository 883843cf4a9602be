/**
 * What the operating system offers and Java doesn't: sockets that are passed from process to process, and the service manager.
 * Linux only; elsewhere there is none of it, and nothing here is asked for.
 */
@NullMarked
package io.foregate.control.os;

import org.jspecify.annotations.NullMarked;
