package io.foregate.tests.http1;

import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** Foregate in front of one origin, on a port of its own and with one loop, so that scripts can tell which connection comes. */
final class Foregate implements AutoCloseable {
    private final Configured running;

    private Foregate(Configured running) {
        this.running = running;
    }

    static Setup inFrontOf(Origin origin) {
        return new Setup(origin.address());
    }

    Peer connect() {
        try {
            return new Peer(running.client("test"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects as a client that takes little unless it reads. */
    Peer connectSlowly() {
        try {
            return new Peer(Wire.narrow(running.port("test"), 8 * 1024));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            running.close();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What may differ from test to test. */
    static final class Setup {
        private final InetSocketAddress origin;
        private Duration headTimeout = Duration.ofSeconds(10);
        private Duration keepAlive = Duration.ofSeconds(60);
        private Duration firstByte = Duration.ofSeconds(20);
        private Duration idle = Duration.ofSeconds(20);
        private String maxBody = "none";
        private String forwarded = "x";
        private String trusted = "";
        private String via = "on";

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

        Setup firstByte(Duration limit) {
            firstByte = limit;
            return this;
        }

        Setup idle(Duration limit) {
            idle = limit;
            return this;
        }

        Setup maxBody(String size) {
            maxBody = size;
            return this;
        }

        /** {@code x}, {@code rfc7239}, {@code both} or {@code off}. */
        Setup forwarded(String mode) {
            forwarded = mode;
            return this;
        }

        /** Networks, with commas between. */
        Setup trusting(String networks) {
            trusted = networks;
            return this;
        }

        Setup withoutVia() {
            via = "off";
            return this;
        }

        Foregate start() {
            try {
                return new Foregate(Configured.start(Path.of("."), yaml(), 1));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private String yaml() {
            return """
                    listeners:
                      test: "127.0.0.1:0"
                    sites:
                      "*": { routes: { /*: web } }
                    pools:
                      web: { servers: ["127.0.0.1:%d"], retry: { attempts: 1 } }
                    trusted-proxies: [%s]
                    defaults:
                      limits: { target: 8KiB, header-bytes: 32KiB, header-count: 100, body: %s }
                      timeouts: { header-read: %dms, keep-alive: %dms, first-byte: %dms, idle: %dms }
                      forwarded: %s
                      via: %s
                    logs: { access: off, error: error }
                    shutdown: 1ms
                    """.formatted(
                            origin.getPort(),
                            trusted,
                            maxBody,
                            headTimeout.toMillis(),
                            keepAlive.toMillis(),
                            firstByte.toMillis(),
                            idle.toMillis(),
                            forwarded,
                            via);
        }
    }
}
