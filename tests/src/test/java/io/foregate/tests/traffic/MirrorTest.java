package io.foregate.tests.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.route.MirrorMeter;
import io.foregate.proxy.route.MirrorMeter.Outcome;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Wire;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class MirrorTest {
    private static final int LARGE = 64 << 20;

    @TempDir
    private Path folder;

    private final BlockingQueue<Message> copies = new LinkedBlockingQueue<>();

    private Configured start(int origin, int shadow, String more) throws Exception {
        return Configured.start(folder, """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { /*: { to: web, mirror: { to: shadow%s } } } } }
                pools: { web: ["127.0.0.1:%d"], shadow: { servers: ["127.0.0.1:%d"], timeouts: { connect: 1s } } }
                logs: { access: off, error: error }
                """.formatted(more, origin, shadow));
    }

    private static MirrorMeter meter(Configured foregate) {
        return foregate.traffic().mirrors().values().iterator().next();
    }

    /** Answers each request with 500 and keeps it. */
    private Origin shadow() throws Exception {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                copies.add(request);
                connection.send("HTTP/1.1 500 Broken\r\nContent-Length: 6\r\n\r\nbroken");
            }
        });
    }

    private Message copy() throws InterruptedException {
        return Objects.requireNonNull(copies.poll(30, TimeUnit.SECONDS), "no copy came within 30 s");
    }

    private static Origin counting() throws Exception {
        return Origin.start(connection -> {
            for (Message head = connection.head(); head != null; head = connection.head()) {
                long length = head.field("Content-Length") == null
                        ? 0
                        : Long.parseLong(Objects.requireNonNull(head.field("Content-Length")));
                connection.in().skipNBytes(length);
                connection.send(Origin.ok(String.valueOf(length)));
            }
        });
    }

    @Test
    void aCopyGoesToTheMirrorAndItsAnswerNowhere() throws Exception {
        try (Origin web = Origin.saying("fine");
                Origin shadow = shadow();
                Configured foregate = start(web.port(), shadow.port(), "");
                Wire client = Wire.to(foregate.port("main"))) {
            client.send(
                    "POST /a?b=c HTTP/1.1\r\nHost: app.test\r\nX-Request-Id: 4711\r\nContent-Length: 5\r\n\r\nhello");
            Message answer = client.response();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("fine");
            Message copy = copy();
            assertThat(copy.start()).isEqualTo("POST /a?b=c HTTP/1.1");
            assertThat(copy.text()).isEqualTo("hello");
            assertThat(copy.field("Host")).isEqualTo("app.test");
            assertThat(copy.field("X-Request-Id")).isEqualTo("4711");
            assertThat(copy.field("X-Foregate-Mirror")).isEqualTo("1");
            assertThat(copy.field("X-Forwarded-For")).isEqualTo("127.0.0.1");
            client.get("/next");
            assertThat(copy().target()).isEqualTo("/next");
            await().until(() -> meter(foregate).count(Outcome.ANSWERED) == 2);
            assertThat(meter(foregate).errors()).isEqualTo(2);
            assertThat(meter(foregate).underWay()).isZero();
            assertThat(shadow.accepted()).as("connections").isEqualTo(1);
        }
    }

    @Test
    void chunksAndTrailersAreCopiedToo() throws Exception {
        try (Origin web = Origin.saying("fine");
                Origin shadow = shadow();
                Configured foregate = start(web.port(), shadow.port(), "");
                Wire client = Wire.to(foregate.port("main"))) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            client.send("6\r\n world\r\n0\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(copy().text()).isEqualTo("hello world");
        }
    }

    @Test
    void aShareIsCopied() throws Exception {
        try (Origin web = Origin.saying("fine");
                Origin shadow = shadow();
                Configured foregate = start(web.port(), shadow.port(), ", share: 12.5%");
                Wire client = Wire.to(foregate.port("main"))) {
            for (int i = 0; i < 800; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            await().until(() -> meter(foregate).underWay() == 0);
            assertThat(meter(foregate).count(Outcome.ANSWERED)).isBetween(97L, 103L);
        }
    }

    @Test
    void aDeadMirrorIsNotNoticed() throws Exception {
        int gone;
        try (Origin closed = Origin.saying("")) {
            gone = closed.port();
        }
        try (Origin web = counting();
                Configured foregate = start(web.port(), gone, "");
                Wire client = Wire.to(foregate.port("main"))) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.exchange("POST", "/", "hello").text()).isEqualTo("5");
            }
            await().until(() -> meter(foregate).count(Outcome.FAILED) == 20);
            assertThat(meter(foregate).underWay()).isZero();
        }
    }

    @Test
    void aMirrorThatStopsReadingIsCutOffAndTheOriginalGoesOn() throws Exception {
        var release = new CountDownLatch(1);
        Path file = folder.resolve("upload");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LARGE);
        }
        try (Origin web = counting();
                Origin shadow = Origin.start(connection -> {
                    connection.head();
                    release.await();
                });
                Configured foregate = start(web.port(), shadow.port(), ", buffer: 64KiB")) {
            String url = "http://127.0.0.1:" + foregate.port("main") + "/";
            assertThat(Program.run("curl", "-sSf", "-T", file.toString(), url)).isEqualTo(String.valueOf(LARGE));
            assertThat(Program.run("curl", "-sSf", "--http2-prior-knowledge", "-T", file.toString(), url))
                    .isEqualTo(String.valueOf(LARGE));
            assertThat(meter(foregate).count(Outcome.CUT_OFF)).isEqualTo(2);
            assertThat(meter(foregate).underWay()).isZero();
            release.countDown();
        }
    }

    @Test
    void largeBodiesReachAMirrorThatKeepsUp() throws Exception {
        Path file = folder.resolve("upload");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LARGE);
        }
        var came = new LinkedBlockingQueue<Long>();
        try (Origin web = counting();
                Origin shadow = Origin.start(connection -> {
                    for (Message head = connection.head(); head != null; head = connection.head()) {
                        came.add((long) connection.body(head, 0).length);
                        connection.send(Origin.ok(""));
                    }
                });
                Configured foregate = start(web.port(), shadow.port(), ", buffer: 1GiB")) {
            String url = "http://127.0.0.1:" + foregate.port("main") + "/";
            assertThat(Program.run("curl", "-sSf", "-T", file.toString(), url)).isEqualTo(String.valueOf(LARGE));
            assertThat(came.poll(60, TimeUnit.SECONDS)).isEqualTo(LARGE);
            await().until(() -> meter(foregate).count(Outcome.ANSWERED) == 1);
        }
    }

    @Test
    void aSilentMirrorTimesOutByItself() throws Exception {
        var release = new CountDownLatch(1);
        try (Origin web = Origin.saying("fine");
                Origin shadow = Origin.start(connection -> {
                    connection.request();
                    release.await();
                });
                Configured foregate = start(web.port(), shadow.port(), ", timeout: 200ms");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(client.get("/").status()).isEqualTo(200);
            await().until(() -> meter(foregate).count(Outcome.TIMED_OUT) == 1);
            assertThat(client.get("/").status()).isEqualTo(200);
            release.countDown();
        }
    }

    @Test
    void noMoreCopiesThanAllowedAreUnderWay() throws Exception {
        var release = new CountDownLatch(1);
        try (Origin web = Origin.saying("fine");
                Origin shadow = Origin.start(connection -> {
                    while (connection.request() != null) {
                        release.await();
                        connection.send(Origin.ok(""));
                    }
                });
                Configured foregate = start(web.port(), shadow.port(), ", concurrent: 3");
                Wire client = Wire.to(foregate.port("main"))) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            assertThat(meter(foregate).underWay()).isEqualTo(3);
            assertThat(meter(foregate).count(Outcome.REFUSED)).isEqualTo(7);
            release.countDown();
            await().until(() -> meter(foregate).count(Outcome.ANSWERED) == 3);
        }
    }

    @Test
    void aCopyThatWasCutOffBeforeItsStartIsNotSent() throws Exception {
        String body = "b".repeat(8 * 1024);
        try (Origin web = counting();
                Origin shadow = shadow();
                Configured foregate = Configured.start(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        sites: { "*": { routes: { /*: {
                          to: web, mirror: { to: shadow, buffer: 1KiB }, fault: { delay: 100ms } } } } }
                        pools: { web: ["127.0.0.1:%d"], shadow: ["127.0.0.1:%d"] }
                        logs: { access: off, error: error }
                        """.formatted(web.port(), shadow.port()));
                Wire client = Wire.to(foregate.port("main"))) {
            for (int i = 1; i <= 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(client.response().text()).isEqualTo(String.valueOf(body.length()));
                assertThat(meter(foregate).count(Outcome.CUT_OFF)).isEqualTo(i);
            }
            assertThat(meter(foregate).underWay()).isZero();
            assertThat(shadow.requests()).isZero();
        }
    }

    @Test
    void aRequestThatIsNeverWholeIsAbandoned() throws Exception {
        try (Origin web = Origin.start(connection -> connection.head());
                Origin shadow = Origin.start(connection -> {
                    connection.head();
                    connection.ends();
                });
                Configured foregate = start(web.port(), shadow.port(), "")) {
            try (Wire client = Wire.to(foregate.port("main"))) {
                client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello");
                await().until(() -> shadow.requests() == 1);
                client.reset();
            }
            await().until(() -> meter(foregate).count(Outcome.ABANDONED) == 1);
        }
    }

    @Test
    void neitherUpgradesNorCopiesAreCopied() throws Exception {
        try (Origin web = Origin.saying("fine");
                Origin shadow = shadow();
                Configured foregate = start(web.port(), shadow.port(), "");
                Wire client = Wire.to(foregate.port("main"))) {
            client.send("GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            client.send("GET /copy HTTP/1.1\r\nHost: test\r\nX-Foregate-Mirror: 1\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            client.get("/plain");
            assertThat(copy().target()).isEqualTo("/plain");
            assertThat(copies).isEmpty();
        }
    }

    @Test
    void anEndlessAnswerOfTheMirrorIsBrokenOff() throws Exception {
        try (Origin web = Origin.saying("fine");
                Origin shadow = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\n\r\n");
                    byte[] block = new byte[100_000];
                    while (true) {
                        connection.send(block);
                    }
                });
                Configured foregate = start(web.port(), shadow.port(), "");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(client.get("/").status()).isEqualTo(200);
            await().until(() -> meter(foregate).count(Outcome.ANSWERED) == 1 && shadow.open() == 0);
        }
    }
}
