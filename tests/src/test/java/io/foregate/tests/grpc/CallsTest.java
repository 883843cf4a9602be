package io.foregate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Proxy;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls of every kind between a client and a server of grpc-java, on plain connections. */
@ExtendWith(NoLeaks.class)
final class CallsTest {
    private static final Link H2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
    /** What windows and buffers between the two may hold, generously. */
    private static final int MOST_BLOCKS_UNDER_WAY = 128;

    private static final int ALL_BLOCKS = 1000;

    private final Echo echo = new Echo();
    private Server server;
    private Proxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(echo)
                .build()
                .start();
        proxy = Proxy.to()
                .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .link(H2)
                .idleTimeout(Duration.ofSeconds(20))
                .open();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", proxy.port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        proxy.close();
        server.shutdownNow();
        channel.awaitTermination(10, TimeUnit.SECONDS);
        server.awaitTermination();
    }

    @Test
    void oneMessageEachWay() {
        assertThat(Echo.call(channel, Echo.ONE, "hello")).isEqualTo("hello");
        assertThat(proxy.next().grpcStatus()).isZero();
        assertThat(Echo.call(channel, Echo.ONE, "")).isEmpty();
        String large = "x".repeat(1 << 20);
        assertThat(Echo.call(channel, Echo.ONE, large)).isEqualTo(large);
    }

    @Test
    void manyMessagesEitherWay() throws Exception {
        Talk join = new Talk(channel, Echo.JOIN);
        assertThat(join.say("a").say("b").say("c").done().hear()).isEqualTo("abc");
        assertThat(join.end().isOk()).isTrue();
        Talk split = new Talk(channel, Echo.SPLIT).say("a,b,,c").done();
        assertThat(split.hear() + split.hear() + split.hear() + split.hear()).isEqualTo("abc");
        assertThat(split.end().isOk()).isTrue();
    }

    @Test
    void aConversationGoesToAndFro() throws Exception {
        Talk talk = new Talk(channel, Echo.TALK);
        for (int i = 0; i < 200; i++) {
            assertThat(talk.say("word " + i).hear()).isEqualTo("you said word " + i);
        }
        assertThat(talk.done().end().isOk()).isTrue();
        assertThat(proxy.next().grpcStatus()).isZero();
    }

    @Test
    void aRefusalIsTheServersToTheLetter() {
        assertThatThrownBy(() -> Echo.call(channel, Echo.ONE, "fail"))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
                    assertThat(refused.getStatus().getDescription()).isEqualTo("100 % schön");
                    Metadata trailers = Objects.requireNonNull(refused.getTrailers());
                    assertThat(trailers.get(Metadata.Key.of("reason", Metadata.ASCII_STRING_MARSHALLER)))
                            .isEqualTo("of its own");
                    assertThat(trailers.get(Metadata.Key.of("proof-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                            .containsExactly(0, 1, 0xff);
                });
        assertThat(proxy.next().grpcStatus()).isEqualTo(9);
    }

    @Test
    void aServerMayEndACallWhoseClientIsStillTalking() throws Exception {
        Talk join = new Talk(channel, Echo.JOIN).say("a").say("stop");
        Status status = join.end();
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).isEqualTo("enough");
        assertThat(proxy.next().failure()).isNull();
    }

    @Test
    void aClientThatCancelsIsHeardByTheServer() throws Exception {
        Talk talk = new Talk(channel, Echo.TALK);
        talk.say("something").hear();
        talk.cancel();
        assertThat(echo.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Echo.call(channel, Echo.ONE, "the connections live on")).isEqualTo("the connections live on");
    }

    @Test
    void aSlowReaderStopsTheServerAndGetsEverything() throws Exception {
        Talk slow =
                new Talk(channel, Echo.BLOCKS).say(String.valueOf(ALL_BLOCKS)).done();
        slow.hear();
        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(20)).until(this::blocks, stays());
        assertThat(echo.blocks.get()).isLessThan(MOST_BLOCKS_UNDER_WAY);
        // Its neighbour on the same connections isn't held up.
        assertThat(Echo.call(channel, Echo.ONE, "neighbour")).isEqualTo("neighbour");
        assertThat(slow.end().isOk()).isTrue();
        assertThat(slow.unheard()).isEqualTo(ALL_BLOCKS - 1);
    }

    private int blocks() {
        return echo.blocks.get();
    }

    /** Holds as long as a number is what it was. */
    private static Predicate<Integer> stays() {
        int[] last = {-1};
        return now -> {
            boolean same = last[0] == now;
            last[0] = now;
            return same;
        };
    }
}
