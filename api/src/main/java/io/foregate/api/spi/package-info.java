/** Factories by which an extension makes itself known. */
@NullMarked
package io.foregate.api.spi;

import org.jspecify.annotations.NullMarked;
