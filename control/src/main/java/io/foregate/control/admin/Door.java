package io.foregate.control.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.foregate.control.config.model.AdminAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A place where the API listens, and the JDK's HTTP server behind it. A virtual thread for each call. Lives until {@link #close}.
 */
final class Door implements AutoCloseable {
    /** Where calls come from that came by a unix socket, which is for the user of this process alone. */
    static final String UNIX = "unix socket";

    private static final String PREFIX = "sun.net.httpserver.";
    private static final int STOP_SECONDS = 2;

    private final AdminAddress address;
    private final boolean secure;
    private final HttpServer server;
    private final ExecutorService threads;
    private final @Nullable UnixSocket socket;
    private volatile Access access;
    private volatile boolean closing;

    private Door(AdminAddress wanted, HttpServer server, boolean secure, @Nullable UnixSocket socket, Access access) {
        this.access = access;
        this.address = wanted.kind() == AdminAddress.Kind.TCP
                ? new AdminAddress(
                        AdminAddress.Kind.TCP,
                        "",
                        wanted.host(),
                        server.getAddress().getPort())
                : wanted;
        this.server = server;
        this.secure = secure;
        this.socket = socket;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("foregate-admin-", 0).factory());
    }

    /** What answers, told by which door a call came. */
    interface Answers {
        void answer(HttpExchange exchange, Door door) throws IOException;
    }

    /** Who may come in, and what is shown to them. They belong to a door: another one may be open to more people. */
    record Keys(Access access, @Nullable SSLContext tls) {}

    /**
     * Listens, and answers from now on.
     *
     * @param folder where a relative path of a socket starts
     */
    static Door open(AdminAddress wanted, Keys keys, Path folder, Answers answers) throws IOException {
        SSLContext tls = keys.tls;
        bounds();
        boolean unix = wanted.kind() == AdminAddress.Kind.UNIX;
        InetAddress host = unix || wanted.host().equals("localhost")
                ? InetAddress.getLoopbackAddress()
                : wanted.host().isEmpty() ? null : InetAddress.ofLiteral(wanted.host());
        InetSocketAddress at = host == null
                ? new InetSocketAddress(wanted.port())
                : new InetSocketAddress(host, unix ? 0 : wanted.port());
        HttpServer server;
        if (tls == null) {
            server = HttpServer.create(at, 0);
        } else {
            HttpsServer secured = HttpsServer.create(at, 0);
            secured.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secured;
        }
        UnixSocket socket = null;
        try {
            socket = unix ? UnixSocket.open(folder.resolve(wanted.path()), server.getAddress()) : null;
        } finally {
            if (unix && socket == null) {
                server.stop(0);
            }
        }
        Door door = new Door(wanted, server, tls != null, socket, keys.access);
        HttpHandler handler = exchange -> answers.answer(exchange, door);
        server.createContext("/", handler);
        server.setExecutor(door.threads);
        server.start();
        if (socket != null) {
            socket.accept();
        }
        return door;
    }

    // The JDK's server has them for the whole process, and reads them once.
    private static void bounds() {
        set("maxReqTime", "30");
        set("idleInterval", "60");
        set("maxReqHeaders", "100");
        set("maxReqHeaderSize", "32768");
        set("nodelay", "true");
        if (System.getProperty("jdk.httpserver.maxConnections") == null) {
            System.setProperty("jdk.httpserver.maxConnections", "256");
        }
    }

    private static void set(String name, String value) {
        if (System.getProperty(PREFIX + name) == null) {
            System.setProperty(PREFIX + name, value);
        }
    }

    /** Where it listens, with the real port. */
    AdminAddress address() {
        return address;
    }

    /** The port of the server itself, also behind a unix socket. */
    int serverPort() {
        return server.getAddress().getPort();
    }

    /** Who may come in by it. */
    Access access() {
        return access;
    }

    /** From now on these may, where it listens as before. */
    void access(Access next) {
        access = next;
    }

    /** Whether what is under way should come to its end. */
    boolean closing() {
        return closing;
    }

    boolean secure() {
        return secure;
    }

    /** Whether web pages in a browser of this machine could reach it under another name. */
    boolean guardsNames() {
        return socket == null && address.local();
    }

    /** The user of this machine who calls, as far as is known; null when it isn't by this door that the call came. */
    @Nullable
    String user(HttpExchange exchange) {
        return socket == null ? "local" : socket.user(exchange.getRemoteAddress());
    }

    /** Where a call comes from, for people. */
    String from(HttpExchange exchange) {
        return socket == null ? Addresses.text(exchange.getRemoteAddress()) : UNIX;
    }

    /** No new calls; those under way may end within two seconds. Blocks for that time. */
    @Override
    public void close() {
        closing = true;
        if (socket != null) {
            socket.stopAccepting();
        }
        server.stop(STOP_SECONDS);
        if (socket != null) {
            socket.close();
        }
        // Not awaited: who is at work may be waiting for whoever closes this.
        threads.shutdown();
    }
}
