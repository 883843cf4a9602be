/** A few of the requests that come, kept for a while in memory for those who want to know what a change would do to them. */
@NullMarked
package io.foregate.proxy.sample;

import org.jspecify.annotations.NullMarked;
