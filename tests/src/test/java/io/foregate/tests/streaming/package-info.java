/** Bodies of any size: flat memory, no delay, back-pressure, and breaks that show. */
@NullMarked
package io.foregate.tests.streaming;

import org.jspecify.annotations.NullMarked;
