package io.foregate.app.demo;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one origin of the demo answers. */
final class DemoPages {
    private static final int MOST_SECONDS = 30;
    private static final int EVENTS = 300;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String name;

    DemoPages(String name) {
        this.name = name;
    }

    /** The page that says what to try; everything that no other page is for is not there. */
    void index(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/")) {
            text(exchange, 404, "404 from " + name + ": there is no such page here.\n");
            return;
        }
        byte[] page;
        try (InputStream in = Objects.requireNonNull(
                DemoPages.class.getResourceAsStream("index.html"), "index.html is missing from the jar")) {
            page = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{name}}", name)
                    .getBytes(StandardCharsets.UTF_8);
        }
        send(exchange, 200, "text/html; charset=utf-8", page);
    }

    void who(HttpExchange exchange) throws IOException {
        text(exchange, 200, name + "\n");
    }

    /** The request as it came here. */
    void headers(HttpExchange exchange) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("This is what ").append(name).append(" was asked:\n\n");
        text.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
        text.append(' ').append(exchange.getProtocol()).append('\n');
        exchange.getRequestHeaders()
                .forEach((field, values) -> values.forEach(
                        value -> text.append(field).append(": ").append(value).append('\n')));
        text(exchange, 200, text.toString());
    }

    /** Thinks for {@code ?s=} seconds before it answers. */
    void slow(HttpExchange exchange) throws IOException {
        int seconds = seconds(exchange.getRequestURI().getQuery());
        pause(seconds * 1000L);
        text(exchange, 200, name + " thought for " + seconds + " s\n");
    }

    /** Server-sent events, one a second. */
    void events(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 1; i <= EVENTS; i++) {
                String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
                out.write(("data: " + i + " from " + name + " at " + time + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                pause(1000);
            }
        }
    }

    /** Counts what it is sent. */
    void upload(HttpExchange exchange) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = exchange.getRequestBody()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        text(exchange, 200, name + " received " + bytes + " bytes\n");
    }

    void error(HttpExchange exchange) throws IOException {
        text(exchange, 500, "500 from " + name + ", passed on as it is\n");
    }

    /** Hangs up without a word, as a server does that dies. */
    @SuppressWarnings("UnusedVariable") // a handler's signature
    void crash(HttpExchange exchange) {
        // The caller closes the exchange, and with it the connection.
    }

    void json(HttpExchange exchange, String json) throws IOException {
        send(exchange, 200, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    void text(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static int seconds(@Nullable String query) {
        int standard = 2;
        if (query == null || !query.startsWith("s=")) {
            return standard;
        }
        try {
            return Math.clamp(Integer.parseInt(query.substring(2)), 0, MOST_SECONDS);
        } catch (NumberFormatException e) {
            return standard;
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the origin was stopped", e);
        }
    }
}
