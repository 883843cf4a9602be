package io.foregate.tests.support;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.Verdict;
import io.foregate.proxy.balance.Balancer;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.MinRate;
import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.RetryPolicy;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.ListenerSettings;
import io.foregate.proxy.server.Transport;
import io.foregate.proxy.upstream.Affinity;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Limits;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.PoolLoad;
import io.foregate.proxy.upstream.PoolSettings;
import io.foregate.proxy.upstream.Timeouts;
import io.foregate.proxy.worker.ListenerPlan;
import io.foregate.proxy.worker.OverloadPolicy;
import io.foregate.proxy.worker.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A data plane in this process with one pool behind every path, and {@code /local}, which it answers itself. Made by
 * {@link #to}, changed by the setters, opened by {@link #open}.
 */
public final class Proxy implements AutoCloseable {
    private static final Duration NEVER = Duration.ofDays(1);

    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Integer> weights = new ArrayList<>();
    private final List<List<InetSocketAddress>> addresses = new ArrayList<>();
    private final LinkedBlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private Balancer balancer = Balancer.ROUND_ROBIN;
    private final Defences defences = Defences.unsaid();
    private Transport transport = Transport.preferred();
    private Link link = Link.PLAIN;
    private List<Filter> filters = List.of();
    private int loops = 1;
    private RetryPolicy retry = RetryPolicy.of(2);
    private int maxConnections = 10_000;
    private int maxIdle = 512;
    private int maxQueued = 1024;
    private Limits bounds = Limits.NONE;
    private OverloadPolicy overload = OverloadPolicy.NONE;
    private Duration keepIdle = Duration.ofSeconds(60);
    private Duration queue = Duration.ofSeconds(30);
    private Duration connect = Duration.ofSeconds(10);
    private Duration firstByte = Duration.ofSeconds(30);
    private Duration idle = Duration.ofSeconds(30);
    private Duration tunnel = NEVER;
    private Duration total = NEVER;
    private @Nullable DataPlane plane;
    private int port;

    private Proxy() {}

    /** A proxy to these origins, in this order, with equal weights. */
    public static Proxy to(Origin... origins) {
        Proxy proxy = new Proxy();
        for (Origin origin : origins) {
            proxy.endpoint(1, origin.address());
        }
        return proxy;
    }

    /** Another endpoint, of one or more addresses. */
    public Proxy endpoint(int weight, InetSocketAddress... found) {
        weights.add(weight);
        addresses.add(List.of(found));
        return this;
    }

    /** Another endpoint, whose name doesn't resolve. */
    public Proxy unresolved() {
        return endpoint(1, new InetSocketAddress[0]);
    }

    public Proxy balancer(Balancer chosen) {
        balancer = chosen;
        return this;
    }

    /** What is spoken to the origins. */
    public Proxy link(Link chosen) {
        link = chosen;
        return this;
    }

    /** How the kernel is asked. */
    public Proxy transport(Transport chosen) {
        transport = chosen;
        return this;
    }

    public Proxy loops(int count) {
        loops = count;
        return this;
    }

    /** What requests for the origins pass through. */
    public Proxy filters(Filter... through) {
        filters = List.of(through);
        return this;
    }

    public Proxy attempts(int count) {
        retry = RetryPolicy.of(count);
        return this;
    }

    /** What is sent again. */
    public Proxy retry(RetryPolicy policy) {
        retry = policy;
        return this;
    }

    public Proxy maxConnections(int count) {
        maxConnections = count;
        return this;
    }

    public Proxy maxIdle(int count) {
        maxIdle = count;
        return this;
    }

    public Proxy keepIdle(Duration limit) {
        keepIdle = limit;
        return this;
    }

    public Proxy queue(int places, Duration limit) {
        maxQueued = places;
        queue = limit;
        return this;
    }

    /** How much there may be to do at a time. */
    public Proxy limits(Limits chosen) {
        bounds = chosen;
        return this;
    }

    /** When requests are refused because it can't keep up. */
    public Proxy overload(OverloadPolicy chosen) {
        overload = chosen;
        return this;
    }

    public Proxy connectTimeout(Duration limit) {
        connect = limit;
        return this;
    }

    public Proxy firstByteTimeout(Duration limit) {
        firstByte = limit;
        return this;
    }

    public Proxy idleTimeout(Duration limit) {
        idle = limit;
        return this;
    }

    public Proxy tunnelTimeout(Duration limit) {
        tunnel = limit;
        return this;
    }

    public Proxy totalTimeout(Duration limit) {
        total = limit;
        return this;
    }

    /** Starts it. */
    public Proxy open() throws IOException {
        HeadLimits limits = new HeadLimits(8192, 32768, 100);
        PoolSettings settings = new PoolSettings(
                link,
                maxConnections,
                maxIdle,
                keepIdle.toNanos(),
                maxQueued,
                queue.toNanos(),
                new HeadLimits(8192, 65536, 256),
                bounds);
        PoolLoad load = new PoolLoad(loops);
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Endpoint endpoint = new Endpoint("endpoint-" + i, "endpoint-" + i, settings, loops, load);
            if (addresses.get(i).isEmpty()) {
                endpoint.unresolved("no such name");
            } else {
                endpoint.resolved(addresses.get(i));
            }
            endpoints.add(endpoint);
            shares.add(new Share(endpoint, weights.get(i)));
        }
        Pool pool = new Pool("web", new EndpointSet(shares, Balancing.by(balancer)), Affinity.NONE, false, loops)
                .limited(load, bounds);
        Timeouts timeouts = new Timeouts(
                connect.toNanos(),
                firstByte.toNanos(),
                idle.toNanos(),
                tunnel.toNanos(),
                total == NEVER ? Long.MAX_VALUE : total.toNanos());
        RouteSettings route = new RouteSettings(Long.MAX_VALUE, timeouts, retry, RouteSettings.ForwardedMode.X, true);
        Route all = new Route("*", "/*", filters, route, new RouteAction.Proxy(pool));
        Verdict.Respond hello = new Verdict.Respond(204, List.of(), null);
        Route local = new Route("*", "/local", List.of(), route, new RouteAction.Respond(hello));
        RouteTable table = RouteTable.builder()
                .add("*", "/*", List.of(), all)
                .add("*", "/local", List.of(), local)
                .build();
        Snapshot snapshot = new Snapshot(1, List.of(ListenerPlan.of("main", table, CidrSet.of())), overload, loops);
        DataPlane started = new DataPlane(
                transport, loops, snapshot, loop -> record -> seen.add(Seen.of(loop.index(), record)), defences);
        plane = started;
        long second = TimeUnit.SECONDS.toNanos(1);
        Listener listener = started.bind(
                "main",
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0),
                new ListenerSettings(0, new ServerSettings(limits, 10 * second, 75 * second, second, MinRate.NONE)));
        port = listener.address().getPort();
        return this;
    }

    public int port() {
        return port;
    }

    /** A client connection to it. */
    public Wire client() throws IOException {
        return Wire.to(port);
    }

    /** Client connections of which each loop has {@code perLoop}, loop by loop. */
    public List<List<Wire>> clients(int perLoop) throws IOException {
        List<List<Wire>> found = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            found.add(new ArrayList<>());
        }
        seen.clear();
        int missing = loops * perLoop;
        while (missing > 0) {
            Wire client = client();
            client.get("/local");
            List<Wire> same = found.get(next().loop());
            if (same.size() < perLoop) {
                same.add(client);
                missing--;
            } else {
                client.close();
            }
        }
        return found;
    }

    /** One request on a connection of its own; what came back whole. */
    public Message get(String target) throws IOException {
        try (Wire client = client()) {
            return client.get(target);
        }
    }

    /** What was recorded of the next exchange that ends, waiting for it. */
    public Seen next() {
        try {
            Seen next = seen.poll(30, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no exchange ended within 30 s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** What clients were kept from doing. */
    public Defences defences() {
        return defences;
    }

    public Endpoint endpoint(int position) {
        return endpoints.get(position);
    }

    public DataPlane plane() {
        return Objects.requireNonNull(plane);
    }

    @Override
    public void close() {
        DataPlane started = plane;
        if (started != null) {
            started.stop();
        }
    }
}
