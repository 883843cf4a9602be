/** The built-in filters: what policies compile to. */
@NullMarked
package io.foregate.proxy.filters;

import org.jspecify.annotations.NullMarked;
