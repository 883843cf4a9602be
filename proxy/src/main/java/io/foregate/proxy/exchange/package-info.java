/** The life of a request: from its head, through filters and an endpoint, to the record of its end. */
@NullMarked
package io.foregate.proxy.exchange;

import org.jspecify.annotations.NullMarked;
