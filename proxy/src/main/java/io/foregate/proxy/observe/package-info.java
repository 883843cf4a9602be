/** What is recorded of every exchange, and how it reaches logs. */
@NullMarked
package io.foregate.proxy.observe;

import org.jspecify.annotations.NullMarked;
