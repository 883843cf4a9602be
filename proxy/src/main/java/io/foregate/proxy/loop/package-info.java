/** What one event loop owns before any protocol is spoken: its clock, its timers. Nothing here is thread-safe. */
@NullMarked
package io.foregate.proxy.loop;

import org.jspecify.annotations.NullMarked;
