package io.foregate.app.demo;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The origins of the demo, which know of each other, so that any of them can stop one. Thread-safe. */
public final class DemoOrigins implements AutoCloseable {
    /** Their names, which are colours that the page shows. */
    public static final List<String> NAMES = List.of("red", "green", "blue");

    private static final long LAST_WORD_MILLIS = 150;

    private final Map<String, DemoOrigin> origins = new LinkedHashMap<>();

    static {
        // Without it the JDK's server waits for the client's acknowledgement between head and body: 40 ms a request.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Starts all of them. */
    public DemoOrigins() throws IOException {
        for (String name : NAMES) {
            origins.put(name, new DemoOrigin(name, pages(name)));
        }
    }

    private Map<String, HttpHandler> pages(String name) {
        DemoPages pages = new DemoPages(name);
        Map<String, HttpHandler> handlers = new LinkedHashMap<>();
        handlers.put("/", pages::index);
        handlers.put("/who", pages::who);
        handlers.put("/headers", pages::headers);
        handlers.put("/slow", pages::slow);
        handlers.put("/events", pages::events);
        handlers.put("/upload", pages::upload);
        handlers.put("/error", pages::error);
        handlers.put("/crash", pages::crash);
        handlers.put("/demo/state", exchange -> pages.json(exchange, state()));
        handlers.put("/demo/stop/", exchange -> {
            DemoOrigin chosen = chosen(exchange.getRequestURI().getPath());
            if (chosen == null) {
                pages.text(exchange, 404, "There is no such origin; they are " + String.join(", ", NAMES) + ".\n");
                return;
            }
            pages.text(exchange, 200, chosen.name() + " stops. Ask again: the others answer.\n");
            // It may be the one that is just answering.
            CompletableFuture.delayedExecutor(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(chosen::stop);
        });
        handlers.put("/demo/start/", exchange -> {
            DemoOrigin chosen = chosen(exchange.getRequestURI().getPath());
            if (chosen == null) {
                pages.text(exchange, 404, "There is no such origin; they are " + String.join(", ", NAMES) + ".\n");
                return;
            }
            chosen.start();
            pages.text(exchange, 200, chosen.name() + " runs again; within seconds it is asked again.\n");
        });
        return handlers;
    }

    private @Nullable DemoOrigin chosen(String path) {
        return origins.get(path.substring(path.lastIndexOf('/') + 1));
    }

    private String state() {
        List<String> entries = new ArrayList<>();
        origins.forEach((name, origin) -> entries.add("\"" + name + "\":" + origin.runs()));
        return "{" + String.join(",", entries) + "}";
    }

    /** Where each of them listens, by name. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        origins.forEach((name, origin) -> addresses.put(name, origin.address()));
        return addresses;
    }

    @Override
    public void close() {
        origins.values().forEach(DemoOrigin::stop);
    }
}
