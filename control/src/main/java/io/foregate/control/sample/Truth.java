package io.foregate.control.sample;

/** Whether something holds for a request of which not everything is known. */
public enum Truth {
    YES,
    NO,
    UNKNOWN;

    static Truth of(boolean holds) {
        return holds ? YES : NO;
    }
}
