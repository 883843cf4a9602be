package io.foregate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Ports;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** gRPC as it is configured, over TLS on both sides, and what its clients see of what goes wrong. */
@ExtendWith(NoLeaks.class)
final class ConfiguredTest {
    @TempDir
    private Path folder;

    private static void ends(Channel channel, Status.Code code, String description) throws Exception {
        Status status = new Talk(channel, Echo.ONE).say("hello").done().end();
        assertThat(status.getCode()).isEqualTo(code);
        assertThat(status.getDescription()).isEqualTo(description);
    }

    @Test
    void callsPassOverTlsOnBothSides() throws Exception {
        Path certificate = Authority.selfSigned(folder, "origin", "DNS:localhost");
        Path key = folder.resolve("origin.key");
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getByName("localhost"), 0))
                .useTransportSecurity(certificate.toFile(), key.toFile())
                .addService(new Echo())
                .build()
                .start();
        String yaml = """
                listeners: { main: { address: "127.0.0.1:0", tls: on } }
                sites: { "*": { tls: internal, https-redirect: off, routes: { /test.Echo/*: echo } } }
                pools: { echo: { servers: ["https://localhost:%d"], tls: origin.pem } }
                logs: { access: off, error: error }
                shutdown: 500ms
                """.formatted(server.getPort());
        try (Configured foregate = Configured.start(folder, yaml)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", foregate.port("main"))
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .build())
                    .build();
            assertThat(Echo.call(channel, Echo.ONE, "hello")).isEqualTo("hello");
            Talk talk = new Talk(channel, Echo.TALK);
            for (int i = 0; i < 100; i++) {
                assertThat(talk.say("word " + i).hear()).isEqualTo("you said word " + i);
            }
            assertThat(talk.done().end().isOk()).isTrue();
            Talk blocks = new Talk(channel, Echo.BLOCKS).say("100").done();
            assertThat(blocks.end().isOk()).isTrue();
            assertThat(blocks.unheard()).isEqualTo(100);
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void aPausingReaderIsNoSlowClient() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Echo())
                .build()
                .start();
        String yaml = """
                listeners:
                  main:
                    address: "127.0.0.1:0"
                    min-rate: { upload: 1MB/s, download: 1MB/s, over: 1s }
                sites: { "*": { routes: { /test.Echo/*: echo } } }
                pools: { echo: { servers: ["127.0.0.1:%d"], protocol: h2 } }
                logs: { access: off, error: error }
                shutdown: 500ms
                """.formatted(server.getPort());
        try (Configured foregate = Configured.start(folder, yaml)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", foregate.port("main"))
                    .usePlaintext()
                    .build();
            Talk blocks = new Talk(channel, Echo.BLOCKS).say("500").done();
            blocks.hear();
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(20)).until(() -> !blocks.over());
            assertThat(blocks.end().isOk()).isTrue();
            assertThat(blocks.unheard()).isEqualTo(499);
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void answersOfOurOwnAreStatusesThatTellNothingOfTheInside() throws Exception {
        int nobody = Ports.free();
        String yaml = """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites:
                  down.example: { routes: { /test.Echo/One: nobody } }
                  closed.example: { routes: { /*: { respond: { status: 403, body: "go away" } } } }
                pools: { nobody: { servers: ["127.0.0.1:%d"], protocol: h2 } }
                logs: { access: off, error: error }
                shutdown: 500ms
                """.formatted(nobody);
        try (Configured foregate = Configured.start(folder, yaml)) {
            ends(foregate, "closed.example", Status.Code.PERMISSION_DENIED, "Forbidden");
            ends(foregate, "other.example", Status.Code.UNIMPLEMENTED, "No site of that name is served here.");
            ends(
                    foregate,
                    "down.example",
                    Status.Code.UNAVAILABLE,
                    "The server behind this address did not answer as it should.");
        }
    }

    private static void ends(Configured foregate, String authority, Status.Code code, String description)
            throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", foregate.port("main"))
                .usePlaintext()
                .overrideAuthority(authority)
                .build();
        ends(channel, code, description);
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
}
