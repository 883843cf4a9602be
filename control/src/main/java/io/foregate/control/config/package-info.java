/** The YAML file, bound strictly onto records with positions. */
@NullMarked
package io.foregate.control.config;

import org.jspecify.annotations.NullMarked;
