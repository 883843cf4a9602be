package io.foregate.tests.http1;

import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.observe.AccessSink;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.route.RouteSettings.ForwardedMode;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Transport;
import io.foregate.proxy.upstream.Balancer;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointSet;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.PoolSettings;
import io.foregate.proxy.upstream.Timeouts;
import io.foregate.proxy.worker.ListenerPlan;
import io.foregate.proxy.worker.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Foregate in front of one origin, on a port of its own and with one loop, so that scripts can tell which connection comes. */
final class Foregate implements AutoCloseable {
    private final DataPlane plane;
    private final Listener listener;

    private Foregate(DataPlane plane, Listener listener) {
        this.plane = plane;
        this.listener = listener;
    }

    static Setup inFrontOf(Origin origin) {
        return new Setup(origin.address());
    }

    Peer connect() {
        return Peer.connect(listener.address(), 0);
    }

    /** Connects as a client that takes little unless it reads. */
    Peer connectSlowly() {
        return Peer.connect(listener.address(), 8 * 1024);
    }

    @Override
    public void close() {
        listener.close();
        plane.stop();
    }

    /** What may differ from test to test; the limits are the ones that the tests' names state. */
    static final class Setup {
        private final InetSocketAddress origin;
        private Duration headTimeout = Duration.ofSeconds(10);
        private Duration keepAlive = Duration.ofSeconds(60);
        private Duration linger = Duration.ofSeconds(2);
        private Duration firstByte = Duration.ofSeconds(20);
        private Duration idle = Duration.ofSeconds(20);
        private long maxBodyBytes = Long.MAX_VALUE;
        private ForwardedMode forwarded = ForwardedMode.X;
        private String[] trusted = {};

        private Setup(InetSocketAddress origin) {
            this.origin = origin;
        }

        Setup headTimeout(Duration limit) {
            headTimeout = limit;
            return this;
        }

        Setup keepAlive(Duration limit) {
            keepAlive = limit;
            return this;
        }

        Setup linger(Duration limit) {
            linger = limit;
            return this;
        }

        Setup firstByte(Duration limit) {
            firstByte = limit;
            return this;
        }

        Setup idle(Duration limit) {
            idle = limit;
            return this;
        }

        Setup maxBody(long bytes) {
            maxBodyBytes = bytes;
            return this;
        }

        Setup forwarded(ForwardedMode mode) {
            forwarded = mode;
            return this;
        }

        Setup trusting(String... ranges) {
            trusted = ranges;
            return this;
        }

        Foregate start() {
            try {
                return start(snapshot());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Foregate start(Snapshot snapshot) throws IOException {
            DataPlane plane = new DataPlane(Transport.preferred(), 1, snapshot, loop -> AccessSink.NONE);
            var limits = new HeadLimits(8 * 1024, 32 * 1024, 100);
            var settings = new ServerSettings(limits, headTimeout.toNanos(), keepAlive.toNanos(), linger.toNanos());
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return new Foregate(plane, plane.bind("test", address, 0, settings));
        }

        private Snapshot snapshot() {
            long second = Duration.ofSeconds(1).toNanos();
            var pooled = new PoolSettings(1000, 100, 60 * second, 100, 5 * second, new HeadLimits(0, 32 * 1024, 100));
            var endpoint = new Endpoint("127.0.0.1:" + origin.getPort(), 1, pooled, 1);
            endpoint.resolved(List.of(origin));
            var pool = new Pool("web", new EndpointSet(List.of(endpoint)), Balancer.ROUND_ROBIN, false, 1);
            var timeouts = new Timeouts(3 * second, firstByte.toNanos(), idle.toNanos(), 60 * second, Long.MAX_VALUE);
            var settings = new RouteSettings(maxBodyBytes, timeouts, 1, forwarded, true);
            var route = new Route("*", "/*", List.of(), settings, new RouteAction.Proxy(pool));
            var routes = RouteTable.builder().add("*", "/*", List.of(), route).build();
            return new Snapshot(1, List.of(ListenerPlan.of("test", routes, CidrSet.of(trusted))), 1);
        }
    }
}
