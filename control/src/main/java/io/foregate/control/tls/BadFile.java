package io.foregate.control.tls;

import io.foregate.control.config.effective.Origin;

/** A file that the configuration names and that can't be used; says which, why, and where it is named. */
public final class BadFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Origin origin;

    BadFile(Origin origin, String message) {
        super(message);
        this.origin = origin;
    }

    /** Where the file is named. */
    public Origin origin() {
        return origin;
    }
}
