package io.foregate.proxy.tls;

/** Why TLS can't be set up, for people: what is wrong and, where we know, what to do. Cold side only. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
