/** What runs: the current snapshot, and one worker for each event loop. */
@NullMarked
package io.foregate.proxy.worker;

import org.jspecify.annotations.NullMarked;
