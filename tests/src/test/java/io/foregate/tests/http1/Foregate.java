package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.fail;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.run.StartFailure;
import io.foregate.proxy.server.Transport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** Foregate in front of one origin, on a port of its own and with one loop, so that scripts can tell which connection comes. */
final class Foregate implements AutoCloseable {
    private final io.foregate.control.run.Foregate running;

    private Foregate(io.foregate.control.run.Foregate running) {
        this.running = running;
    }

    static Setup inFrontOf(Origin origin) {
        return new Setup(origin.address());
    }

    Peer connect() {
        return Peer.connect(running.listeners().getFirst().address(), 0);
    }

    /** Connects as a client that takes little unless it reads. */
    Peer connectSlowly() {
        return Peer.connect(running.listeners().getFirst().address(), 8 * 1024);
    }

    @Override
    public void close() {
        try {
            running.stop();
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
            var settings = new io.foregate.control.run.Foregate.Settings(1, Transport.preferred(), Path.of("."));
            try {
                return switch (ConfigLoader.load("test.yaml", yaml())) {
                    case Loaded.Ok ok -> new Foregate(io.foregate.control.run.Foregate.start(ok, settings));
                    case Loaded.Invalid invalid -> fail("%s%n%s", invalid.problems(), yaml());
                };
            } catch (StartFailure | InterruptedException e) {
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
                    """
                    .formatted(
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
