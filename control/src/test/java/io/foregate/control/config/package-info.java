/** Tests of the configuration. */
@NullMarked
package io.foregate.control.config;

import org.jspecify.annotations.NullMarked;
