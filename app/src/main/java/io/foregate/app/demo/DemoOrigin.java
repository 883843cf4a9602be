package io.foregate.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One origin: a server of the JDK on a port of its own, each request on a virtual thread. Thread-safe. */
final class DemoOrigin {
    private final String name;
    private final Map<String, HttpHandler> pages;
    private final InetSocketAddress address;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    /** Starts an origin on a port that the system chooses, and keeps for {@link #start}. */
    DemoOrigin(String name, Map<String, HttpHandler> pages) throws IOException {
        this.name = name;
        this.pages = pages;
        this.address = open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    synchronized boolean runs() {
        return server != null;
    }

    /** Listens again, on the same port. */
    synchronized void start() throws IOException {
        if (server == null) {
            open(address);
        }
    }

    /** Stops listening, and breaks off what is under way. */
    synchronized void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    private InetSocketAddress open(InetSocketAddress at) throws IOException {
        HttpServer made = HttpServer.create(at, 0);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        made.setExecutor(executor);
        pages.forEach((path, handler) -> made.createContext(path, exchange -> handle(handler, exchange)));
        made.start();
        server = made;
        threads = executor;
        return made.getAddress();
    }

    private void handle(HttpHandler handler, HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Origin", name);
            // Closing an exchange whose body nobody asked for would close its connection with it.
            exchange.getRequestBody();
            handler.handle(exchange);
        }
    }
}
