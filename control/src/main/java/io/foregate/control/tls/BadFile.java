package io.foregate.control.tls;

import io.foregate.control.config.effective.Origin;

/** A file that the configuration names and that can't be used; says which, why, and where it is named. */
public final class BadFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Origin origin;
    private final boolean inText;

    BadFile(Origin origin, String message) {
        this(origin, message, false);
    }

    private BadFile(Origin origin, String message, boolean inText) {
        super(message);
        this.origin = origin;
        this.inText = inText;
    }

    /** One that the text doesn't name although it has to. */
    static BadFile missing(Origin origin, String message) {
        return new BadFile(origin, message, true);
    }

    /** Whether the text is at fault rather than the file, so that it won't get well by itself. */
    public boolean inText() {
        return inText;
    }

    /** Where the file is named. */
    public Origin origin() {
        return origin;
    }
}
