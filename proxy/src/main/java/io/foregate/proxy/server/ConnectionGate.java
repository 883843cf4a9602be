package io.foregate.proxy.server;

import io.foregate.api.message.ClientAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts one listener's connections, altogether and by client, against its limits. What is beyond them is refused rather than
 * left waiting: a client that is told at once can go elsewhere. Thread-safe, shared by all loops.
 */
final class ConnectionGate {
    /** Who is counted: an IPv4 address, or the /64 that one IPv6 client has to itself. */
    record Client(long high, long low) {
        static Client of(ClientAddress address) {
            return address.isIpv4() ? new Client(address.high(), address.low()) : new Client(address.high(), 0);
        }
    }

    private volatile ConnectionLimits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<Client, Integer> byClient = new ConcurrentHashMap<>();

    ConnectionGate(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** From now on these hold; whoever is in stays. */
    void limits(ConnectionLimits next) {
        limits = next;
    }

    /** How many connections are in. */
    int entered() {
        return all.get();
    }

    /** Counts a connection in; false when there are too many, and it isn't counted then. */
    boolean enter() {
        if (all.incrementAndGet() > limits.most()) {
            all.decrementAndGet();
            return false;
        }
        return true;
    }

    /** The connection is gone. */
    void leave() {
        all.decrementAndGet();
    }

    /** Whether the connections of {@code address} are counted. */
    boolean counts(ClientAddress address) {
        return limits.mostPerClient() < Integer.MAX_VALUE && !limits.exempt().contains(address);
    }

    /** Counts a client's connection in; null when there are too many, and it isn't counted then. */
    @Nullable
    Client enter(ClientAddress address) {
        Client client = Client.of(address);
        int count = byClient.merge(client, 1, Integer::sum);
        if (count > limits.mostPerClient()) {
            leave(client);
            return null;
        }
        return client;
    }

    /** The client's connection is gone. */
    void leave(Client client) {
        byClient.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }
}
