package io.foregate.proxy.upstream;

import io.foregate.proxy.codec.ClientConnection;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Connections that carry many exchanges at a time, busy, idle or on their way out. One is filled before the next is used, so
 * that those which aren't needed any more become idle. Owned by a pool.
 */
final class SharedConnections {
    private final ArrayList<ClientConnection> connections = new ArrayList<>(2);

    void add(ClientConnection connection) {
        connections.add(connection);
    }

    /** Whether there is one that carries exchanges, or will once it has room. */
    boolean anyStays() {
        for (int i = 0; i < connections.size(); i++) {
            if (!connections.get(i).leaving()) {
                return true;
            }
        }
        return false;
    }

    /** One that has room for what {@code ticket} asks, or null. */
    @Nullable
    ClientConnection find(Ticket ticket) {
        for (int i = 0; i < connections.size(); i++) {
            ClientConnection connection = connections.get(i);
            if (connection.room() > 0 && ticket.fits(connection)) {
                return connection;
            }
        }
        return null;
    }

    /** Whether there is one, and none of them can carry a request for another protocol. */
    boolean refusesUpgrades() {
        for (int i = 0; i < connections.size(); i++) {
            if (connections.get(i).upgrades()) {
                return false;
            }
        }
        return !connections.isEmpty();
    }

    void remove(ClientConnection connection) {
        connections.remove(connection);
    }
}
