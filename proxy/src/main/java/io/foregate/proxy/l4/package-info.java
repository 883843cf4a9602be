/** TCP and UDP sessions over the same pools. */
@NullMarked
package io.foregate.proxy.l4;

import org.jspecify.annotations.NullMarked;
