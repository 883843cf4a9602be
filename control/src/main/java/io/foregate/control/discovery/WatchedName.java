package io.foregate.control.discovery;

import io.foregate.proxy.upstream.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name, looked up again and again for the endpoints that bear it. Its look-ups come one after the other on its thread; the
 * rest is guarded by its lock.
 */
final class WatchedName {
    private static final Logger LOG = LoggerFactory.getLogger(NameResolution.class);

    private final String host;
    private final NameLookup lookup;
    private final Pace pace;
    private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    private final List<NameResolution.Target> targets = new ArrayList<>();
    private List<InetAddress> addresses = List.of();
    private String failure = "";
    private final Reasons reasons = new Reasons();
    private @Nullable Rounds rounds;
    private boolean stopped;

    WatchedName(String host, NameLookup lookup, Pace pace) {
        this.host = host;
        this.lookup = lookup;
        this.pace = pace;
    }

    /** Completes when the name has been looked up once. */
    CompletableFuture<@Nullable Void> first() {
        return first;
    }

    /** One more endpoint; it gets what is known. */
    synchronized void serve(NameResolution.Target target) {
        targets.removeIf(known -> known.endpoint() == target.endpoint());
        targets.add(target);
        tell(target);
    }

    /** One less. Returns whether it was the last. */
    synchronized boolean leave(Endpoint endpoint) {
        targets.removeIf(known -> known.endpoint() == endpoint);
        return targets.isEmpty();
    }

    synchronized void start() {
        rounds = Rounds.start("foregate-name " + host, this::look);
    }

    synchronized void stop() {
        stopped = true;
        if (rounds != null) {
            rounds.close();
        }
        first.complete(null);
    }

    private Duration look() throws InterruptedException {
        Duration next = pace.retry();
        try {
            NameLookup.Answer answer = lookup.addresses(host, NameLookup.Family.ANY);
            found(answer.addresses());
            next = pace.after(answer.life());
        } catch (UnknownHostException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A resolver's bug must not end the look-ups of this name.
            failed(e.toString());
        }
        first.complete(null);
        return next;
    }

    private synchronized void found(List<InetAddress> current) {
        boolean recovered = !failure.isEmpty();
        failure = "";
        reasons.forget();
        // DNS servers deal out the same addresses in turn; only another set is news.
        boolean moved = !new HashSet<>(current).equals(new HashSet<>(addresses));
        boolean firstTime = addresses.isEmpty();
        if (moved) {
            addresses = List.copyOf(current);
            targets.forEach(this::tell);
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
        boolean news = reasons.news(reason);
        failure = reason;
        targets.forEach(this::tell);
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

    private void tell(NameResolution.Target target) {
        if (!addresses.isEmpty()) {
            target.endpoint()
                    .resolved(NameResolution.at(addresses, target.address().port()));
        }
        if (!failure.isEmpty()) {
            target.endpoint().unresolved(host + " does not resolve: " + failure);
        }
    }

    private String pools() {
        List<String> names =
                targets.stream().map(NameResolution.Target::pool).distinct().toList();
        return (names.size() == 1 ? "pool " : "pools ") + String.join(", ", names);
    }

    static String text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }
}
