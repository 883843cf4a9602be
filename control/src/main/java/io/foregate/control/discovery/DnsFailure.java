package io.foregate.control.discovery;

/** Why DNS gave no answer, in words for people. */
final class DnsFailure extends Exception {
    private static final long serialVersionUID = 1L;

    DnsFailure(String message) {
        super(message);
    }
}
