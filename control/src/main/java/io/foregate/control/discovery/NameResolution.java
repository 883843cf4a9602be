package io.foregate.control.discovery;

import io.foregate.control.config.model.HostPort;
import io.foregate.proxy.upstream.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gives endpoints their addresses, and new ones when their names move.
 *
 * <p>An IP address is set at once, and so are the loopback addresses for {@code localhost} and names below it (RFC 6761
 * §6.3): IPv4 first, and the other behind it for servers that listen on one of the two only. Other names are looked up
 * again when their answer's life is over, and every two seconds while they don't resolve; see {@link Pace}. A look-up that fails
 * leaves the addresses of the last one in use. Each change of state is logged once.
 *
 * <p>Each name has a virtual thread. Thread-safe. Lives as long as the process.
 */
final class NameResolution implements AutoCloseable {
    /** An endpoint, the pool that it is in, and the address that it is configured with. */
    record Target(String pool, HostPort address, Endpoint endpoint) {}

    private static final CompletableFuture<?> DONE = CompletableFuture.completedFuture(null);

    private final NameLookup lookup;
    private final Pace pace;
    private final Map<String, WatchedName> names = new LinkedHashMap<>();
    private boolean closed;

    NameResolution(NameLookup lookup, Pace pace) {
        this.lookup = lookup;
        this.pace = pace;
    }

    /** From now on serves that endpoint, too. Returns at once; the result is done when its name has been looked up once. */
    synchronized CompletableFuture<?> follow(Target target) {
        String host = target.address.host();
        List<InetAddress> known = withoutAsking(host);
        if (known != null) {
            target.endpoint.resolved(at(known, target.address.port()));
            return DONE;
        }
        if (closed) {
            return DONE;
        }
        WatchedName name = names.get(host);
        if (name == null) {
            name = new WatchedName(host, lookup, pace);
            names.put(host, name);
            name.serve(target);
            name.start();
        } else {
            name.serve(target);
        }
        return name.first();
    }

    /** Doesn't serve that endpoint any more; it keeps the addresses that it has. */
    synchronized void leave(HostPort address, Endpoint endpoint) {
        WatchedName name = names.get(address.host());
        if (name != null && name.leave(endpoint)) {
            names.remove(address.host());
            name.stop();
        }
    }

    /** Waits until each name has been looked up once, with whatever result, but not longer than that. Returns whether so. */
    boolean awaitFirst(Duration atMost) throws InterruptedException {
        CompletableFuture<?>[] first;
        synchronized (this) {
            first = names.values().stream().map(WatchedName::first).toArray(CompletableFuture[]::new);
        }
        return await(first, atMost);
    }

    static boolean await(CompletableFuture<?>[] first, Duration atMost) throws InterruptedException {
        try {
            CompletableFuture.allOf(first).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a first look-up always completes", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        names.values().forEach(WatchedName::stop);
        names.clear();
    }

    static List<InetSocketAddress> at(List<InetAddress> addresses, int port) {
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** The addresses of a host for which no name service is needed, or null. */
    private static @Nullable List<InetAddress> withoutAsking(String host) {
        if (isLiteral(host)) {
            return List.of(InetAddress.ofLiteral(host));
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
        }
        return null;
    }

    // The configuration has seen to it that what looks like an address is one.
    private static boolean isLiteral(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
