package io.foregate.proxy.server;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * One bound address: a listening socket for each loop, or a single one where the transport has no SO_REUSEPORT. Which listener
 * of the configuration it leads to may change while it is open. Thread-safe.
 */
public final class Listener {
    private final InetSocketAddress address;
    private final List<Channel> sockets;
    private final ConnectionInitializer connections;
    private volatile String name;

    Listener(String name, InetSocketAddress address, List<Channel> sockets, ConnectionInitializer connections) {
        this.name = name;
        this.address = address;
        this.sockets = sockets;
        this.connections = connections;
    }

    public String name() {
        return name;
    }

    /** What was bound; the port is the real one where 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /** Where its connections go. */
    public Reception reception() {
        return connections.reception();
    }

    /** From now on it is called this, and its connections go there. */
    public void leadTo(String listener, Reception reception) {
        name = listener;
        connections.reception(reception);
    }

    /** Accepts what has come since it was bound, and what comes. Without effect where it does already. */
    public void accept() {
        for (Channel socket : sockets) {
            socket.config().setAutoRead(true);
        }
    }

    /** Accepts no more for now. Who connects waits in the kernel, or is accepted by another process that has the same sockets. */
    public void pause() {
        for (Channel socket : sockets) {
            socket.config().setAutoRead(false);
        }
    }

    /**
     * The descriptors of its sockets, to be passed to another process; they stay this process's, too. Empty where the transport has
     * none that another could use.
     */
    public List<Integer> descriptors() {
        List<Integer> all = new ArrayList<>();
        for (Channel socket : sockets) {
            if (socket instanceof UnixChannel unix) {
                all.add(unix.fd().intValue());
            }
        }
        return all;
    }

    /** Stops accepting; what was accepted goes on. Blocks until the sockets are closed. */
    public void close() {
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly();
        }
    }
}
