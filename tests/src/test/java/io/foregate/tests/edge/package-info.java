/** What happens before and beside requests: announced clients, limits of connections, and clients that mean no good. */
@NullMarked
package io.foregate.tests.edge;

import org.jspecify.annotations.NullMarked;
