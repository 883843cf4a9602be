/**
 * What a change of the configuration would do: which requests would go elsewhere or be answered differently, and which things
 * are added, removed or changed. Reads two configurations and touches nothing.
 */
@NullMarked
package io.foregate.control.plan;

import org.jspecify.annotations.NullMarked;
