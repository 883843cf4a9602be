/** One request and its answer, from head to access record. */
@NullMarked
package io.foregate.proxy.exchange;

import org.jspecify.annotations.NullMarked;
