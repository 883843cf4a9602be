/** What would become of a request, and why: the same tables and filters as on the data plane, without a socket. */
@NullMarked
package io.foregate.control.explain;

import org.jspecify.annotations.NullMarked;
