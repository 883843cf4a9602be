/**
 * Binds a YAML 1.2 node tree onto records, strictly and with positions. It knows shapes, not Foregate: what the keys are
 * is said by the records and their annotations, from which the JSON Schema and the reference page are made too.
 */
@NullMarked
package io.foregate.control.config.bind;

import org.jspecify.annotations.NullMarked;
