package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two parsers could read in two ways, and others that end here: refused, closed behind, never passed on. */
@ExtendWith(NoLeaks.class)
final class RefusedRequestsTest {
    private static final String CHUNKED_HEAD = "POST /broken HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

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

    /** Whatever the test before did, the door is open to the next client. */
    @AfterEach
    void theNextClientIsServed() {
        try (var client = foregate.connect()) {
            client.send("GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            for (Peer origin = server.accept(); ; origin = server.accept()) {
                if (!origin.aborts()) {
                    origin.head().expectStart("GET /next HTTP/1.1");
                    origin.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                            .close();
                    break;
                }
                // What began to go out before its body turned out to be broken was broken off there, too.
                assertThat(origin.seen()).doesNotContain("smuggled", "\r\n0\r\n");
            }
            client.expectStatus(204);
        }
    }

    static Stream<Arguments> heads() {
        return Cases.of("requests-refused.txt");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("heads")
    void isRefusedBeforeTheOriginHearsOfIt(int status, String wrong, String bytes) {
        try (var client = foregate.connect()) {
            client.trySend(Peer.octets(Cases.bytes(bytes) + NEXT));
            Message head = client.expectStatus(status).expect("Connection", "close");
            assertThat(client.body(head)).startsWith(status + " ");
            client.expectEnd();
            server.expectNoConnection();
        }
    }

    static Stream<Arguments> bodies() {
        return Cases.of("requests-broken-bodies.txt");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void brokenBodyIsRefused(String wrong, String body) {
        try (var client = foregate.connect()) {
            client.trySend(Peer.octets(CHUNKED_HEAD + Cases.bytes(body) + NEXT));
            Message head = client.expectStatus(400).expect("Connection", "close");
            assertThat(client.body(head)).startsWith("400 ");
            client.expectEnd();
        }
    }
}
