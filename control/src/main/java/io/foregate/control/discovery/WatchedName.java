package io.foregate.control.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name, looked up again and again for the endpoints that bear it.
 *
 * <p>Its look-ups come one after the other, on any thread of the resolution; the rest is guarded by its lock.
 */
final class WatchedName {
    private static final Logger LOG = LoggerFactory.getLogger(NameResolution.class);

    private final String host;
    private final NameLookup lookup;
    private final NameResolution.Pace pace;
    private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    private List<NameResolution.Target> targets = List.of();
    private List<InetAddress> addresses = List.of();
    private String failure = "";
    private @Nullable Future<?> next;
    private boolean stopped;

    WatchedName(String host, NameLookup lookup, NameResolution.Pace pace) {
        this.host = host;
        this.lookup = lookup;
        this.pace = pace;
    }

    /** Completes when the name has been looked up once. */
    CompletableFuture<@Nullable Void> first() {
        return first;
    }

    /** The endpoints from now on; they get what is known. */
    synchronized void serve(List<NameResolution.Target> served) {
        targets = List.copyOf(served);
        tellTargets();
    }

    synchronized void start(ScheduledExecutorService threads) {
        next = threads.submit(() -> look(threads));
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
        first.complete(null);
    }

    private void look(ScheduledExecutorService threads) {
        try {
            found(lookup.addresses(host));
        } catch (UnknownHostException e) {
            failed(reason(e));
        } catch (RuntimeException e) {
            // A resolver's bug must not end the look-ups of this name.
            failed(e.toString());
        }
        first.complete(null);
        again(threads);
    }

    private synchronized void again(ScheduledExecutorService threads) {
        if (stopped) {
            return;
        }
        long delay = (failure.isEmpty() ? pace.refresh() : pace.retry()).toNanos();
        try {
            next = threads.schedule(() -> look(threads), delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            stopped = true;
        }
    }

    private synchronized void found(List<InetAddress> current) {
        boolean recovered = !failure.isEmpty();
        failure = "";
        // DNS servers deal out the same addresses in turn; only another set is news.
        boolean moved = !new HashSet<>(current).equals(new HashSet<>(addresses));
        boolean firstTime = addresses.isEmpty();
        if (moved) {
            addresses = List.copyOf(current);
            tellTargets();
        }
        if (recovered || (moved && !firstTime)) {
            LOG.info("{} resolves to {}", host, text(addresses));
        } else if (moved) {
            LOG.debug("{} resolves to {}", host, text(addresses));
        }
    }

    private synchronized void failed(String reason) {
        if (stopped) {
            return;
        }
        boolean news = failure.isEmpty();
        failure = reason;
        tellTargets();
        if (news && addresses.isEmpty()) {
            LOG.warn(
                    "{} does not resolve ({}); its server in {} is down until it does, tried again every {} s",
                    host,
                    reason,
                    pools(),
                    pace.retry().toSeconds());
        } else if (news) {
            LOG.warn(
                    "{} does not resolve any more ({}); {} stays in use for {}",
                    host,
                    reason,
                    text(addresses),
                    pools());
        }
    }

    private void tellTargets() {
        for (NameResolution.Target target : targets) {
            if (!addresses.isEmpty()) {
                target.endpoint()
                        .resolved(NameResolution.at(addresses, target.address().port()));
            }
            if (!failure.isEmpty()) {
                target.endpoint().unresolved(host + " does not resolve: " + failure);
            }
        }
    }

    private String pools() {
        List<String> names =
                targets.stream().map(NameResolution.Target::pool).distinct().toList();
        return (names.size() == 1 ? "pool " : "pools ") + String.join(", ", names);
    }

    private static String text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }

    // The JDK puts the name before the reason, or says nothing but the name.
    private String reason(UnknownHostException e) {
        String message = e.getMessage();
        if (message == null || message.equals(host)) {
            return "unknown host";
        }
        return message.startsWith(host + ": ") ? message.substring(host.length() + 2) : message;
    }
}
