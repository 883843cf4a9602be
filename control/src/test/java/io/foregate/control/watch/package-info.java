/** What is told of requests that failed. */
@NullMarked
package io.foregate.control.watch;

import org.jspecify.annotations.NullMarked;
