package io.foregate.proxy.upstream;

import io.foregate.proxy.codec.ClientConnection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Connections that carry nothing, each with the time until which it is kept: the warmest is used first, the coldest die of age.
 * Owned by a pool.
 */
final class IdleConnections {
    private ClientConnection[] connections = new ClientConnection[8];
    private long[] untilNanos = new long[8];
    private int count;

    int count() {
        return count;
    }

    void add(ClientConnection connection, long keepUntilNanos) {
        if (count == connections.length) {
            connections = Arrays.copyOf(connections, count * 2);
            untilNanos = Arrays.copyOf(untilNanos, count * 2);
        }
        connections[count] = connection;
        untilNanos[count] = keepUntilNanos;
        count++;
    }

    /** Takes the warmest one that can serve {@code ticket}, or null. */
    @Nullable
    ClientConnection take(Ticket ticket, long nowNanos) {
        for (int i = count - 1; i >= 0; i--) {
            ClientConnection connection = connections[i];
            if (!ticket.fits(connection)) {
                continue;
            }
            boolean alive = untilNanos[i] - nowNanos > 0;
            removeAt(i);
            if (alive) {
                return connection;
            }
            connection.closeIdle();
            // Closing may have changed more than this place.
            i = Math.min(i, count);
        }
        return null;
    }

    /** Forgets a connection that is gone. */
    void remove(ClientConnection connection) {
        for (int i = count - 1; i >= 0; i--) {
            if (connections[i] == connection) {
                removeAt(i);
                return;
            }
        }
    }

    /** Closes the coldest; false when there is none. */
    boolean closeOldest() {
        if (count == 0) {
            return false;
        }
        ClientConnection oldest = connections[0];
        removeAt(0);
        oldest.closeIdle();
        return true;
    }

    /** Closes those whose time is up; returns the nanoseconds until the next one's is, or {@link Long#MAX_VALUE}. */
    long closeExpired(long nowNanos) {
        long next = Long.MAX_VALUE;
        for (int i = count - 1; i >= 0; i--) {
            long left = untilNanos[i] - nowNanos;
            if (left <= 0) {
                ClientConnection expired = connections[i];
                removeAt(i);
                expired.closeIdle();
                i = Math.min(i, count);
            } else {
                next = Math.min(next, left);
            }
        }
        return next;
    }

    @SuppressWarnings("NullAway") // unused places hold null, and nobody reads them
    private void removeAt(int position) {
        count--;
        System.arraycopy(connections, position + 1, connections, position, count - position);
        System.arraycopy(untilNanos, position + 1, untilNanos, position, count - position);
        connections[count] = null;
    }
}
