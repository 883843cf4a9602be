package io.foregate.control.discovery;

import io.foregate.control.config.model.HostPort;
import io.foregate.proxy.upstream.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives endpoints their addresses, and new ones when their names move.
 *
 * <p>An IP address is set at once, and so are the loopback addresses for {@code localhost} and names below it (RFC 6761
 * §6.3): IPv4 first, and the other behind it for servers that listen on one of the two only. Other names are looked up
 * again every 30 s, and every 2 s while they don't resolve. A look-up that fails leaves the addresses of the last one in use.
 * Each change of state is logged once.
 *
 * <p>Look-ups run on a few platform threads: the JDK's resolver is native code, which would hold on to the carrier of a
 * virtual thread for as long as a DNS server is silent. There are no threads before there is a name to look up.
 *
 * <p>Thread-safe. Lives as long as the process.
 */
public final class NameResolution implements AutoCloseable {
    /** How often names are looked up. */
    public record Pace(Duration refresh, Duration retry) {
        public static final Pace DEFAULT = new Pace(Duration.ofSeconds(30), Duration.ofSeconds(2));
    }

    /** An endpoint, the pool that it is in, and the address that it is configured with. */
    public record Target(String pool, HostPort address, Endpoint endpoint) {}

    private static final int MAX_THREADS = 4;

    private final Supplier<NameLookup> lookups;
    private final Pace pace;
    private final Map<String, WatchedName> names = new LinkedHashMap<>();
    private @Nullable NameLookup lookup;
    private @Nullable ScheduledThreadPoolExecutor threads;
    private boolean closed;

    /** Asks the machine's name service. */
    public NameResolution() {
        this(SystemNames::new, Pace.DEFAULT);
    }

    public NameResolution(Supplier<NameLookup> lookups, Pace pace) {
        this.lookups = lookups;
        this.pace = pace;
    }

    /** From now on serves these endpoints and no others. Returns at once; see {@link #awaitFirst}. */
    public synchronized void follow(List<Target> targets) {
        Map<String, List<Target>> byName = new LinkedHashMap<>();
        for (Target target : targets) {
            String host = target.address.host();
            List<InetAddress> known = withoutAsking(host);
            if (known != null) {
                target.endpoint.resolved(at(known, target.address.port()));
            } else {
                byName.computeIfAbsent(host, _ -> new ArrayList<>()).add(target);
            }
        }
        names.entrySet().removeIf(entry -> {
            boolean gone = !byName.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().stop();
            }
            return gone;
        });
        byName.forEach((host, served) -> {
            WatchedName name = names.get(host);
            if (name == null && !closed) {
                name = new WatchedName(host, lookup(), pace);
                names.put(host, name);
                name.serve(served);
                name.start(threads());
            } else if (name != null) {
                name.serve(served);
            }
        });
    }

    /** Waits until each name has been looked up once, with whatever result, but not longer than that. Returns whether so. */
    public boolean awaitFirst(Duration atMost) throws InterruptedException {
        CompletableFuture<?>[] first;
        synchronized (this) {
            first = names.values().stream().map(WatchedName::first).toArray(CompletableFuture[]::new);
        }
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
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    private NameLookup lookup() {
        NameLookup made = lookup;
        if (made == null) {
            made = lookups.get();
            lookup = made;
        }
        return made;
    }

    private ScheduledThreadPoolExecutor threads() {
        ScheduledThreadPoolExecutor made = threads;
        if (made == null) {
            made = new ScheduledThreadPoolExecutor(MAX_THREADS, task -> {
                Thread thread = new Thread(task, "foregate-names");
                thread.setDaemon(true);
                return thread;
            });
            made.setRemoveOnCancelPolicy(true);
            threads = made;
        }
        return made;
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
