package io.foregate.tests.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.model.StatusRange;
import io.foregate.control.health.CheckPlan;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.OriginTls;
import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Origin;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks by the health service of gRPC, against a real server of it, and by HTTP/2. */
final class GrpcHealthTest {
    @TempDir
    private static Path folder;

    private static final int SERVING = 1;
    private static final int NOT_SERVING = 2;
    private static final Link HTTP_2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);

    /** {@code grpc.health.v1.Health}, whose messages are bytes here. */
    private static final class HealthService implements BindableService {
        private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private final AtomicInteger state = new AtomicInteger(SERVING);

        @Override
        public ServerServiceDefinition bindService() {
            MethodDescriptor<byte[], byte[]> check = MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodType.UNARY)
                    .setFullMethodName("grpc.health.v1.Health/Check")
                    .setRequestMarshaller(new Bytes())
                    .setResponseMarshaller(new Bytes())
                    .build();
            return ServerServiceDefinition.builder("grpc.health.v1.Health")
                    .addMethod(check, ServerCalls.asyncUnaryCall(this::check))
                    .build();
        }

        private void check(byte[] request, StreamObserver<byte[]> answer) {
            String service = request.length == 0 ? "" : new String(request, 2, request[1], StandardCharsets.UTF_8);
            if (service.isEmpty() || service.equals("shop.Orders")) {
                int now = state.get();
                answer.onNext(now == 0 ? new byte[0] : new byte[] {8, (byte) now});
                answer.onCompleted();
            } else {
                answer.onError(Status.NOT_FOUND.asRuntimeException());
            }
        }
    }

    private static Server serve(BindableService... services) throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        for (BindableService service : services) {
            builder.addService(service);
        }
        return builder.build().start();
    }

    private static Endpoint endpoint(Server server) {
        return Checked.endpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()), HTTP_2);
    }

    @Test
    void whatTheServiceSaysOfItselfHolds() throws Exception {
        HealthService health = new HealthService();
        Server server = serve(health);
        try (var checked = new Checked()) {
            Endpoint endpoint = endpoint(server);
            checked.follow(Checked.often(new CheckPlan.Grpc("shop.Orders")), endpoint);
            Checked.awaitUp(endpoint);
            assertThat(endpoint.status().reason()).isEqualTo("check passed: serving");
            health.state.set(NOT_SERVING);
            assertThat(Checked.awaitDown(endpoint)).isEqualTo("check failed: service shop.Orders is NOT_SERVING");
            health.state.set(SERVING);
            Checked.awaitUp(endpoint);
            health.state.set(0);
            assertThat(Checked.awaitDown(endpoint)).isEqualTo("check failed: service shop.Orders is UNKNOWN");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void theServerAsAWholeMayBeAskedFor() throws Exception {
        Server server = serve(new HealthService());
        try (var checked = new Checked()) {
            Endpoint endpoint = endpoint(server);
            checked.follow(Checked.often(new CheckPlan.Grpc("")), endpoint);
            Checked.awaitUp(endpoint);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void overTlsItIsTheSame() throws Exception {
        Path certificate = Authority.selfSigned(folder, "calls", "IP:127.0.0.1");
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0))
                .addService(new HealthService())
                .useTransportSecurity(
                        certificate.toFile(), folder.resolve("calls.key").toFile())
                .build()
                .start();
        OriginTls.Parts anybody = new OriginTls.Parts(
                InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0], false, null, List.of(), null);
        Link link = new Link(Link.Protocol.AUTO, Link.ProxyProtocol.OFF, new OriginTls("anybody", anybody, true));
        try (var checked = new Checked()) {
            Endpoint endpoint =
                    Checked.endpoint(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.getPort()), link);
            checked.follow(Checked.often(new CheckPlan.Grpc("")), endpoint);
            Checked.awaitUp(endpoint);
            assertThat(endpoint.status().reason()).isEqualTo("check passed: serving");
        }
        // Where the server chooses, it chooses HTTP/2, and checks by HTTP speak it.
        try (var checked = new Checked()) {
            Endpoint endpoint =
                    Checked.endpoint(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.getPort()), link);
            var question = new CheckPlan.Http("POST", "/", null, List.of(new StatusRange(415, 415)), null);
            checked.follow(Checked.often(question), endpoint);
            Checked.awaitUp(endpoint);
            assertThat(endpoint.status().reason()).isEqualTo("check passed: status 415");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        Server server = serve(new HealthService());
        Server without = serve();
        try (var checked = new Checked();
                var plain = Origin.saying("hello")) {
            Endpoint other = endpoint(server);
            Endpoint bare = endpoint(without);
            Endpoint http1 = Checked.endpoint(plain.address(), HTTP_2);
            checked.follow(Checked.often(new CheckPlan.Grpc("shop.Returns")), other, bare, http1);
            assertThat(Checked.awaitDown(other)).isEqualTo("check failed: the server knows no service shop.Returns");
            assertThat(Checked.awaitDown(bare))
                    .isEqualTo("check failed: the server has no health service (grpc.health.v1.Health)");
            Checked.awaitDown(http1);
        } finally {
            server.shutdownNow().awaitTermination();
            without.shutdownNow().awaitTermination();
        }
    }

    @Test
    void checksByHttpSpeakHttp2WhereRequestsDo() throws Exception {
        Server server = serve(new HealthService());
        try (var checked = new Checked()) {
            Endpoint endpoint = endpoint(server);
            // A server of gRPC refuses what isn't a call, which is an answer in HTTP/2 all the same.
            var question =
                    new CheckPlan.Http("POST", "/" + "a".repeat(300), null, List.of(new StatusRange(415, 415)), null);
            checked.follow(Checked.often(question), endpoint);
            Checked.awaitUp(endpoint);
            assertThat(endpoint.status().reason()).isEqualTo("check passed: status 415");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }
}
