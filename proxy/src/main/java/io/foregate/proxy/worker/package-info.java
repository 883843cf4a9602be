/** Snapshots, the runtime that publishes them, and the event loop that runs them. */
@NullMarked
package io.foregate.proxy.worker;

import org.jspecify.annotations.NullMarked;
