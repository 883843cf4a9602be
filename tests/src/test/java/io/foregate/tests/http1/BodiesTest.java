package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bodies in every framing, both ways: re-framed, never copied as they came. */
@ExtendWith(NoLeaks.class)
final class BodiesTest {
    private static final String POST_CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String OK_CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** A body with an extension, both cases of digits, line ends in the data, and trailers. */
    private static final String CHUNKS = "3;x=\"y\"\r\nabc\r\nA\r\n0123\r\n6789\r\n2\r\n\r\n\r\n0;z\r\nX-T: u\r\n\r\n";

    private static final String DATA = "abc0123\r\n6789\r\n";

    @Test
    void requestChunksCutAtEveryPositionArriveWhole() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            Peer origin = null;
            for (int cut = 0; cut <= CHUNKS.length(); cut++) {
                client.send(POST_CHUNKED + CHUNKS.substring(0, cut));
                origin = origin == null ? server.accept() : origin;
                origin.head().expect("Transfer-Encoding", "chunked").expectNo("Content-Length");
                client.send(CHUNKS.substring(cut));
                assertThat(origin.chunks()).as("cut at %s", cut).isEqualTo(DATA);
                assertThat(origin.line()).isEqualTo("X-T: u");
                assertThat(origin.line()).isEmpty();
                origin.send(OK);
                client.expect(200, "ok");
            }
        }
    }

    @Test
    void answerChunksCutAtEveryPositionArriveWhole() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            Peer origin = null;
            for (int cut = 0; cut <= CHUNKS.length(); cut++) {
                client.send(GET);
                origin = origin == null ? server.accept() : origin;
                origin.head();
                origin.send(OK_CHUNKED + CHUNKS.substring(0, cut));
                client.expectStatus(200).expect("Transfer-Encoding", "chunked").expectNo("Content-Length");
                origin.send(CHUNKS.substring(cut));
                assertThat(client.chunks()).as("cut at %s", cut).isEqualTo(DATA);
                assertThat(client.line()).isEqualTo("X-T: u");
                assertThat(client.line()).isEmpty();
            }
        }
    }

    @Test
    void everythingByteByByteArrivesWhole() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.drip(POST_CHUNKED + CHUNKS);
            var origin = server.accept();
            origin.head();
            assertThat(origin.chunks()).isEqualTo(DATA);
            assertThat(origin.line()).isEqualTo("X-T: u");
            assertThat(origin.line()).isEmpty();
            origin.drip(OK_CHUNKED + CHUNKS);
            client.expectStatus(200);
            assertThat(client.chunks()).isEqualTo(DATA);
            assertThat(client.line()).isEqualTo("X-T: u");
        }
    }

    @Test
    void chunksOfOneByteLeaveAsLargerOnes() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            // As many as a client may send before it counts as an abuse.
            String tiny = "1\r\nx\r\n".repeat(15_000) + "0\r\n\r\n";
            String data = "x".repeat(15_000);
            client.send(POST_CHUNKED + tiny);
            var origin = server.accept();
            origin.head();
            assertThat(origin.chunked()).isEqualTo(data);
            assertThat(origin.seen().length()).as("bytes on the wire").isLessThan(30_000);
            origin.send(OK_CHUNKED + tiny);
            client.expect(200, data);
            assertThat(client.seen().length()).as("bytes on the wire").isLessThan(30_000);
        }
    }

    @Test
    void lengthIsKeptAndNoMoreThanItIsTaken() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(
                    "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head().expect("Content-Length", "3").expectNo("Transfer-Encoding");
            assertThat(origin.exactly(3)).isEqualTo("abc");
            origin.send(OK);
            client.expect(200, "ok").expect("Content-Length", "2").expectNo("Transfer-Encoding");
            origin.head().expectStart("GET /2 HTTP/1.1");
        }
    }

    @Test
    void answersToHeadHaveNoBodyWhateverTheyDeclare() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head().expectStart("HEAD /1 HTTP/1.1");
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
            client.expectStatus(200).expect("Content-Length", "1234");
            client.send("HEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            origin.head().expectStart("HEAD /2 HTTP/1.1");
            origin.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.expectStatus(200).expectNo("Content-Length");
            client.send(GET);
            origin.head().expectStart("GET / HTTP/1.1");
            origin.send(OK);
            client.expect(200, "ok");
        }
    }

    @Test
    void ourOwnAnswerToHeadHasNoBodyEither() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.close();
            // It is asked a second time, as HEAD may be.
            server.accept().close();
            client.expectStatus(502);
            client.send(GET);
            origin = server.accept();
            origin.head();
            origin.send(OK);
            client.expect(200, "ok");
        }
    }

    @Test
    void http10ClientGetsABodyOfUnknownLengthUntilTheEnd() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.send(OK_CHUNKED + CHUNKS);
            var head = client.expectStatus(200).expect("Connection", "close");
            head.expectNo("Transfer-Encoding").expectNo("Content-Length");
            assertThat(client.toEnd()).isEqualTo(DATA);
        }
    }

    @Test
    void http10ClientSeesThatABodyOfUnknownLengthBroke() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.send(OK_CHUNKED + "3\r\nabc\r\n");
            client.expectStatus(200);
            assertThat(client.exactly(3)).isEqualTo("abc");
            origin.close();
            assertThat(client.ending().aborted()).isTrue();
        }
    }

    @Test
    void truncatedLengthIsNeverCompleted() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(GET);
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").close();
            client.expectStatus(200).expect("Content-Length", "10");
            assertThat(client.ending().bytes()).isEqualTo("abc");
        }
    }

    @Test
    void resetOfTheOriginWithinItsBodyBreaksTheAnswer() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(GET);
            var origin = server.accept();
            origin.head();
            origin.send(OK_CHUNKED + "3\r\nabc\r\n");
            client.expectStatus(200);
            assertThat(client.line()).isEqualTo("3");
            origin.reset();
            assertThat(client.ending().bytes()).startsWith("abc").doesNotContain("0\r\n");
        }
    }

    @Test
    void resetIsNoEndOfABodyUntilTheEnd() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(GET);
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.0 200 OK\r\n\r\nabc");
            client.expectStatus(200);
            assertThat(client.line()).isEqualTo("3");
            origin.reset();
            assertThat(client.ending().bytes()).startsWith("abc").doesNotContain("0\r\n");
        }
    }

    @Test
    void eachChunkPassesWithoutWaitingForTheNext() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(POST_CHUNKED);
            var origin = server.accept();
            origin.head();
            for (String event : new String[] {"one", "three", "five"}) {
                client.send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
                origin.line();
                assertThat(origin.exactly(event.length())).isEqualTo(event);
                origin.line();
            }
            client.send("0\r\n\r\n");
            origin.line();
            origin.line();
            origin.send("HTTP/1.0 200 OK\r\n\r\n");
            client.expectStatus(200).expect("Transfer-Encoding", "chunked");
            for (String event : new String[] {"one", "three", "five"}) {
                origin.send(event);
                client.line();
                assertThat(client.exactly(event.length())).isEqualTo(event);
                client.line();
            }
            origin.close();
            assertThat(client.line()).isEqualTo("0");
        }
    }

    @Test
    void slowBodyIsAnsweredWith408() {
        try (var server = new Origin();
                var foregate =
                        Foregate.inFrontOf(server).idle(Duration.ofMillis(300)).start();
                var client = foregate.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            var origin = server.accept();
            origin.head();
            client.body(client.expectStatus(408).expect("Connection", "close"));
            client.expectEnd();
            assertThat(origin.ending()).isEqualTo(new Peer.Ending("abc", true));
        }
    }

    @Test
    void bodyBeyondItsLimitIsAnsweredWith413() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).maxBody("1000B").start()) {
            try (var client = foregate.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
                client.expectStatus(413);
                server.expectNoConnection();
            }
            try (var client = foregate.connect()) {
                client.send(POST_CHUNKED + "3e8\r\n" + "x".repeat(1000) + "\r\n");
                var origin = server.accept();
                origin.head();
                client.send("1\r\nx\r\n0\r\n\r\n");
                client.expectStatus(413);
                assertThat(origin.ending().bytes()).doesNotContain("\r\n0\r\n");
            }
        }
    }

    @Test
    void clientThatGivesUpWithinItsBodyBreaksTheRequest() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(POST_CHUNKED + "3\r\nabc\r\n");
            var origin = server.accept();
            origin.head();
            assertThat(origin.line()).isEqualTo("3");
            client.finish();
            var ending = origin.ending();
            assertThat(ending.aborted()).isTrue();
            assertThat(ending.bytes()).doesNotContain("0\r\n");
            client.ending();
        }
    }
}
