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

/** Requests that are unusual and yet fine, and what the origin gets of them. */
@ExtendWith(NoLeaks.class)
final class AcceptedRequestsTest {
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

    static Stream<Arguments> requests() {
        return Cases.of("requests-accepted.txt");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void goesToTheOrigin(String claim, String request, String expected) {
        try (var client = foregate.connect()) {
            client.send(Cases.bytes(request));
            var origin = server.accept();
            Message got = origin.head();
            String[] parts = Cases.bytes(expected).split("\r\n\r\n", 2);
            String[] lines = parts[0].split("\r\n");
            assertThat(got.raw().split("\r\n")).startsWith(lines[0]).containsSubsequence(lines);
            got.expectNo("Expect").expectNo("Connection");
            assertThat(origin.body(got)).isEqualTo(parts.length == 2 ? parts[1] : "");
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                    .close();
            client.expect(200, "ok");
        }
    }
}
