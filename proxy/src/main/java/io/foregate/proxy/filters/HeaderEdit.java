package io.foregate.proxy.filters;

import io.foregate.api.message.HeaderName;
import io.foregate.proxy.route.ValueTemplate;

/** One change to the fields of a head. Immutable. */
public sealed interface HeaderEdit {
    HeaderName name();

    /** Replaces every field of that name by this one; adds it when there was none. */
    record Set(HeaderName name, ValueTemplate value) implements HeaderEdit {}

    /** Adds a field beside those that are there. */
    record Add(HeaderName name, ValueTemplate value) implements HeaderEdit {}

    /** Removes every field of that name. */
    record Remove(HeaderName name) implements HeaderEdit {}
}
