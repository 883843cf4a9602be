/** Tests of the values that configurations are made of. */
@NullMarked
package io.foregate.control.config.model;

import org.jspecify.annotations.NullMarked;
