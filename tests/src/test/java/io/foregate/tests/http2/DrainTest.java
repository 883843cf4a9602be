package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of a connection that nobody did wrong: GOAWAY in two steps, and no request is lost. */
@ExtendWith(NoLeaks.class)
final class DrainTest {
    private static Thread drain(Proxy proxy) {
        return Thread.ofPlatform().start(() -> {
            try {
                assertThat(proxy.plane().drain(TimeUnit.SECONDS.toNanos(20))).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void requestsUnderWayAndThoseThatCrossTheGoAwayAreAnswered() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Origin origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        goOn.await();
                        connection.send(Origin.ok("late"));
                    }
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            client.frame(Http2Wire.PING, 0, 0, new byte[8]);
            client.await(Http2Wire.PING);
            Thread draining = drain(proxy);
            Http2Wire.Frame first = client.await(Http2Wire.GOAWAY);
            assertThat(first.int32(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(first.int32(4)).isZero();
            // This one was on its way when the GOAWAY came.
            client.get(3, "/");
            Http2Wire.Frame ping = client.await(Http2Wire.PING);
            client.frame(Http2Wire.PING, Http2Wire.ACK, 0, ping.payload());
            Http2Wire.Frame second = client.await(Http2Wire.GOAWAY);
            assertThat(second.int32(0)).isEqualTo(3);
            client.get(5, "/");
            Http2Wire.Frame refused = client.await(Http2Wire.RST_STREAM);
            assertThat(refused.id()).isEqualTo(5);
            assertThat(refused.int32(0)).as("REFUSED_STREAM").isEqualTo(7);
            goOn.countDown();
            int ended = 0;
            while (ended < 2) {
                Http2Wire.Frame data = client.await(Http2Wire.DATA);
                assertThat(data.text()).isEqualTo("late");
                ended++;
            }
            assertThat(client.ends()).isTrue();
            client.close();
            draining.join();
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterAWord() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            client.answer(1);
            Thread draining = drain(proxy);
            assertThat(client.endCode()).isZero();
            assertThat(client.ends()).as("even when the PING is never answered").isTrue();
            client.close();
            draining.join();
        }
    }

    @Test
    void aClientThatNeverClosesIsClosed() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            client.answer(1);
            Thread draining = drain(proxy);
            Http2Wire.Frame ping = client.await(Http2Wire.PING);
            client.frame(Http2Wire.PING, Http2Wire.ACK, 0, ping.payload());
            await().until(() -> proxy.plane().connectionCount() == 0);
            draining.join();
        }
    }

    @Test
    void aClientThatEndsItsSideStillGetsItsAnswers() throws IOException {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Origin origin = Origin.start(connection -> {
                    Objects.requireNonNull(connection.request());
                    goOn.await();
                    connection.send(Origin.ok("late"));
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            client.frame(Http2Wire.PING, 0, 0, new byte[8]);
            client.await(Http2Wire.PING);
            client.socket().shutdownOutput();
            goOn.countDown();
            Http2Wire.Frame data = client.await(Http2Wire.DATA);
            assertThat(data.text()).isEqualTo("late");
            assertThat(client.ends()).isTrue();
        }
    }
}
