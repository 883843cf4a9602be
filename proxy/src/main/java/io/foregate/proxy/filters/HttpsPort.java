package io.foregate.proxy.filters;

/**
 * The port to which plain requests are redirected. Known only once the listener is bound, which is after the filters are made;
 * set once from there, read by all loops.
 */
public final class HttpsPort {
    private static final int DEFAULT = 443;

    private volatile int port;

    public HttpsPort(int port) {
        this.port = port;
    }

    public void set(int bound) {
        port = bound;
    }

    /** What stands behind the host in a URL: nothing, or {@code :8443}. */
    String suffix() {
        return port == DEFAULT ? "" : ":" + port;
    }
}
