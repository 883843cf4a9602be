package io.foregate.control.config.effective;

import io.foregate.control.config.model.FieldName;
import io.foregate.control.config.model.Template;

/** One change to a head. A list of them is carried out from the first to the last. */
public sealed interface HeaderEdit {
    FieldName name();

    /** Takes all fields of the name away. */
    record Remove(FieldName name) implements HeaderEdit {
        @Override
        public String toString() {
            return "remove " + name;
        }
    }

    /** Replaces all fields of the name by one. */
    record Set(FieldName name, Template value) implements HeaderEdit {
        @Override
        public String toString() {
            return "set " + name + ": " + value;
        }
    }

    /** Adds a field. */
    record Add(FieldName name, Template value) implements HeaderEdit {
        @Override
        public String toString() {
            return "add " + name + ": " + value;
        }
    }
}
