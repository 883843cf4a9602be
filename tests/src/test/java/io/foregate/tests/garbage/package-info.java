/** What the running proxy allocates for each request. */
@NullMarked
package io.foregate.tests.garbage;

import org.jspecify.annotations.NullMarked;
