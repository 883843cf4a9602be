package io.foregate.app;

/** A process could not be reached, or didn't answer as it should; the message is for the user. */
final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
        super(message);
    }
}
