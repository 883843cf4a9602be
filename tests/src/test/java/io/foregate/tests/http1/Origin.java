package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.fail;

import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A server behind Foregate whose every byte a script says, connection by connection. */
final class Origin implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final ServerSocket server;
    private final List<Peer> accepted = new ArrayList<>();

    Origin() {
        this(0);
    }

    /** An origin whose connections take only about {@code receiveBytes} that nobody reads, when that isn't 0. */
    Origin(int receiveBytes) {
        try {
            server = new ServerSocket();
            if (receiveBytes > 0) {
                server.setReceiveBufferSize(receiveBytes);
            }
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
            server.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** The next connection that Foregate opens. */
    Peer accept() {
        try {
            Peer peer = new Peer(Wire.of(server.accept()));
            accepted.add(peer);
            return peer;
        } catch (SocketTimeoutException e) {
            return fail("Foregate did not connect to the origin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Foregate has opened no connection that is still to be accepted. */
    void expectNoConnection() {
        try {
            server.setSoTimeout(1);
            try (Socket socket = server.accept()) {
                fail("Foregate connected to the origin from %s", socket.getRemoteSocketAddress());
            } catch (SocketTimeoutException nobody) {
                server.setSoTimeout(PATIENCE_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepted.forEach(Peer::close);
    }
}
