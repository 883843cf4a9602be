package io.foregate.app;

/** A command can't do what it was asked for; the message is for the user. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }
}
