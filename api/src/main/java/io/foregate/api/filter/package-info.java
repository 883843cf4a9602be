/** What may look at or change a message on its way through the proxy. */
@NullMarked
package io.foregate.api.filter;

import org.jspecify.annotations.NullMarked;
