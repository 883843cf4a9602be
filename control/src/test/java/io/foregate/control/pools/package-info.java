/** Tests of memberships. */
@NullMarked
package io.foregate.control.pools;

import org.jspecify.annotations.NullMarked;
