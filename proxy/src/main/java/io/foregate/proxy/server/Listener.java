package io.foregate.proxy.server;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;

/** One bound address: a listening socket for each loop, or a single one where the transport has no SO_REUSEPORT. */
public final class Listener {
    private final String name;
    private final InetSocketAddress address;
    private final List<Channel> sockets;

    Listener(String name, InetSocketAddress address, List<Channel> sockets) {
        this.name = name;
        this.address = address;
        this.sockets = sockets;
    }

    public String name() {
        return name;
    }

    /** What was bound; the port is the real one where 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops accepting; what was accepted goes on. Blocks until the sockets are closed. */
    public void close() {
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly();
        }
    }
}
