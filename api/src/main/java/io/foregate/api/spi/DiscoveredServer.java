package io.foregate.api.spi;

/**
 * A server that a {@link Discovery} has found. One with the same host and port as before is the same one: its health, its
 * connections and what somebody has set at run time stay.
 *
 * @param host an address, or a name that is resolved in the background
 * @param port from 1 to 65535
 * @param authority {@code host:port} by which it is spoken to, if it isn't its own: the name in its certificate; or empty
 * @param secure whether TLS is spoken to it
 * @param weight its share of the requests against the weights of the others, from 1 to 1000
 * @param priority lower ones get the requests as long as enough of them are up, from 0
 * @param zone where it is; empty when nobody knows
 */
public record DiscoveredServer(
        String host, int port, String authority, boolean secure, int weight, int priority, String zone) {
    private static final int MAX_PORT = 65535;
    private static final int MAX_WEIGHT = 1000;

    public DiscoveredServer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a server without a host");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(host + " has port " + port + ", outside 1–65535");
        }
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(host + ":" + port + " has weight " + weight + ", outside 1–1000");
        }
        if (priority < 0) {
            throw new IllegalArgumentException(host + ":" + port + " has priority " + priority + ", below 0");
        }
    }

    /** One like most: plain, in no zone, worth as much as the others. */
    public static DiscoveredServer at(String host, int port) {
        return new DiscoveredServer(host, port, "", false, 1, 0, "");
    }

    /** The same, spoken to by TLS if so said. */
    public DiscoveredServer withTls(boolean tls) {
        return new DiscoveredServer(host, port, authority, tls, weight, priority, zone);
    }

    /** The same, spoken to as that {@code host:port}. */
    public DiscoveredServer as(String name) {
        return new DiscoveredServer(host, port, name, secure, weight, priority, zone);
    }

    /** The same with another share. */
    public DiscoveredServer withWeight(int share) {
        return new DiscoveredServer(host, port, authority, secure, share, priority, zone);
    }

    /** The same with another priority. */
    public DiscoveredServer withPriority(int rank) {
        return new DiscoveredServer(host, port, authority, secure, weight, rank, zone);
    }

    /** The same in another zone. */
    public DiscoveredServer in(String place) {
        return new DiscoveredServer(host, port, authority, secure, weight, priority, place);
    }
}
