package io.foregate.proxy.upstream;

import io.foregate.proxy.codec.ClientConnection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Connections that carry nothing, each with the time since which it does and the time until which it is kept: the warmest is used first, the coldest die of age.
 * Owned by a pool.
 */
final class IdleConnections {
    static final long ABSENT = Long.MIN_VALUE;

    private ClientConnection[] connections = new ClientConnection[8];
    private long[] sinceNanos = new long[8];
    private long[] untilNanos = new long[8];
    private int count;

    int count() {
        return count;
    }

    void add(ClientConnection connection, long nowNanos, long keepNanos) {
        if (count == connections.length) {
            connections = Arrays.copyOf(connections, count * 2);
            sinceNanos = Arrays.copyOf(sinceNanos, count * 2);
            untilNanos = Arrays.copyOf(untilNanos, count * 2);
        }
        connections[count] = connection;
        sinceNanos[count] = nowNanos;
        untilNanos[count] = nowNanos + keepNanos;
        count++;
    }

    /**
     * Takes the warmest one that can serve {@code ticket}, or null.
     *
     * @param holdNanos how long one may have lain idle, as is known by now
     */
    @Nullable
    ClientConnection take(Ticket ticket, long nowNanos, long holdNanos) {
        for (int i = count - 1; i >= 0; i--) {
            ClientConnection connection = connections[i];
            // One of HTTP/2 that is on its way out lies here until it is closed.
            if (connection.room() == 0 || !ticket.fits(connection)) {
                continue;
            }
            long idledNanos = nowNanos - sinceNanos[i];
            boolean alive = untilNanos[i] - nowNanos > 0 && idledNanos < holdNanos;
            removeAt(i);
            if (alive) {
                connection.idled(idledNanos);
                return connection;
            }
            connection.closeIdle();
            // Closing may have changed more than this place.
            i = Math.min(i, count);
        }
        return null;
    }

    /** Forgets a connection; returns since when it has been here, or {@link #ABSENT}. */
    long remove(ClientConnection connection) {
        for (int i = count - 1; i >= 0; i--) {
            if (connections[i] == connection) {
                long since = sinceNanos[i];
                removeAt(i);
                return since;
            }
        }
        return ABSENT;
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
        System.arraycopy(sinceNanos, position + 1, sinceNanos, position, count - position);
        System.arraycopy(untilNanos, position + 1, untilNanos, position, count - position);
        connections[count] = null;
    }
}
