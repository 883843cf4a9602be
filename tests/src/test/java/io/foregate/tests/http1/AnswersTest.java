package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What origins answer, and what the client gets of it: nothing at all where two parsers could read it in two ways. */
@ExtendWith(NoLeaks.class)
final class AnswersTest {
    @SuppressWarnings("NullAway.Init")
    private static Origin server;

    @SuppressWarnings("NullAway.Init")
    private static Foregate foregate;

    @BeforeAll
    static void start() {
        server = new Origin();
        foregate = Foregate.inFrontOf(server).start();
    }

    @AfterAll
    static void stop() {
        foregate.close();
        server.close();
    }

    private static Peer answerWith(Peer client, String answer) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Peer origin = server.accept();
        origin.head();
        return origin.send(answer).finish();
    }

    static Stream<Arguments> refused() {
        return Cases.of("answers-refused.txt");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedWith502(String wrong, String answer) {
        try (var client = foregate.connect();
                var origin = answerWith(client, Cases.bytes(answer))) {
            Message head = client.head();
            while (head.status() < 200) {
                head = client.head();
            }
            assertThat(head.status()).as(head.raw()).isEqualTo(502);
            assertThat(client.body(head)).startsWith("502 Bad Gateway\n");
            head.expectNo("X").expectNo("Set-Cookie");
            assertThat(origin.ending().bytes()).isEmpty();
            theNextRequestIsServed(client);
        }
    }

    static Stream<Arguments> brokenBodies() {
        return Cases.of("answers-broken-bodies.txt");
    }

    /** The answer has begun, so it can't become a 502 any more; but it must never look complete. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenBodies")
    void brokenBodyNeverLooksComplete(String wrong, String body) {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (var client = foregate.connect();
                var origin = answerWith(client, head + Cases.bytes(body))) {
            assertThat(client.ending().bytes())
                    .matches("(?s)(|HTTP/1.1 (200|502) .*)")
                    .doesNotContain("\r\n0\r\n", "abcd");
            assertThat(origin.ending().bytes()).isEmpty();
        }
    }

    static Stream<Arguments> accepted() {
        return Cases.of("answers-accepted.txt");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void reachesTheClient(String claim, String answer, String expected) {
        try (var client = foregate.connect();
                var origin = answerWith(client, Cases.bytes(answer))) {
            String[] parts = Cases.bytes(expected).split("\r\n\r\n", 2);
            Message head = client.head();
            assertThat(head.raw().split("\r\n"))
                    .startsWith(parts[0].split("\r\n")[0])
                    .containsSubsequence(parts[0].split("\r\n"));
            boolean bodiless = head.status() == 204 || head.status() == 304;
            assertThat(bodiless ? "" : client.body(head)).isEqualTo(parts[1]);
            head.expectNo("Connection").expectNo("Upgrade");
            if (head.status() == 204) {
                head.expectNo("Content-Length").expectNo("Transfer-Encoding");
            }
            theNextRequestIsServed(client);
            assertThat(origin.ending().bytes()).isEmpty();
        }
    }

    private static void theNextRequestIsServed(Peer client) {
        client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        try (var origin = server.accept()) {
            origin.head().expectStart("GET /next HTTP/1.1");
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
            client.expect(200, "next");
        }
    }
}
