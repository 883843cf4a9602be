package io.foregate.app;

/** An argument that can't be understood; the message is for the user. */
final class BadUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadUsage(String message) {
        super(message);
    }
}
