package io.foregate.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An origin that does what its script says, connection by connection, and counts. A virtual thread for each connection; one that
 * its script leaves open is closed when the script returns.
 */
public final class Origin implements AutoCloseable {
    /** What is done with one accepted connection. */
    public interface Script {
        void serve(Wire connection) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Set<Wire> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    private @Nullable Thread acceptor;

    private Origin(ServerSocket server) {
        this.server = server;
    }

    public static Origin start(Script script) throws IOException {
        return at(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), script);
    }

    /** An origin at a port that another has left, or at an address other than 127.0.0.1. */
    public static Origin at(InetSocketAddress address, Script script) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(address, 1024);
        Origin origin = new Origin(server);
        origin.acceptor = Thread.ofVirtual().start(() -> origin.accept(script));
        return origin;
    }

    /** Answers every request with 200 and {@code text}, keeping connections. */
    public static Origin saying(String text) throws IOException {
        return start(connection -> {
            while (connection.request() != null) {
                connection.send(ok(text));
            }
        });
    }

    /** A whole answer with status 200. */
    public static String ok(String text) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    private void accept(Script script) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Wire connection = new Wire(socket, requests);
                open.add(connection);
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(script, connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Script script, Wire connection) {
        try (connection) {
            script.serve(connection);
        } catch (IOException | UncheckedIOException gone) {
            // The proxy or the test has ended the connection, which tests look at from their own side.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(connection);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Connections accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections whose script is still running. */
    public int open() {
        return open.size();
    }

    /** Request heads read so far. */
    public int requests() {
        return requests.get();
    }

    /** Stops listening; connections go on. */
    public void refuse() {
        try {
            server.close();
            Thread accepting = acceptor;
            if (accepting != null) {
                // The kernel listens on until the thread has left its accept().
                accepting.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends every connection as it lies. */
    public void drop() {
        for (Wire connection : open) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        refuse();
        drop();
    }
}
