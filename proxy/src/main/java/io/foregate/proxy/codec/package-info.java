/** HttpStream and its implementations: bytes to messages and back, in both roles. */
@NullMarked
package io.foregate.proxy.codec;

import org.jspecify.annotations.NullMarked;
