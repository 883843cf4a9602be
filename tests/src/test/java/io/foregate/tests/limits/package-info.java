/** What is refused, and given up, so that the rest goes well: limits of pools, load that is shed, idle connections. */
@NullMarked
package io.foregate.tests.limits;

import org.jspecify.annotations.NullMarked;
