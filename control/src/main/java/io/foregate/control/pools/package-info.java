/** Who is in which pool at present: endpoints and memberships that outlive snapshots, and the sets that pools choose from. */
@NullMarked
package io.foregate.control.pools;

import org.jspecify.annotations.NullMarked;
