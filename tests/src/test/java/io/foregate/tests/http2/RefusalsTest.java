package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two readers could read in two ways never reach an origin, and cost their own stream only. */
@ExtendWith(NoLeaks.class)
final class RefusalsTest {
    private static final int PROTOCOL_ERROR = 1;

    /** What is wrong, the status that is said first, and the fields. */
    record Case(String what, int status, List<String> fields) {
        static Case of(String what, int status, String... fields) {
            return new Case(what, status, List.of(fields));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static List<Case> malformed() {
        return List.of(
                request("an upper-case name", "X-A", "1"),
                request("a name with a blank", "x a", "1"),
                request("a name with a colon", "x:a", "1"),
                request("a line feed in a value", "x-a", "1\n2"),
                request("a NUL in a value", "x-a", "1\0"),
                request("a blank before a value", "x-a", " 1"),
                request("Connection", "connection", "close"),
                request("Keep-Alive", "keep-alive", "1"),
                request("Proxy-Connection", "proxy-connection", "close"),
                request("Transfer-Encoding", "transfer-encoding", "chunked"),
                request("Upgrade", "upgrade", "websocket"),
                request("TE other than trailers", "te", "gzip"),
                request("two lengths", "content-length", "0", "content-length", "0"),
                request("a length that is none", "content-length", "+1"),
                request("a length without a body", "content-length", "5"),
                request("a late pseudo-field", "x-a", "1", ":path", "/"),
                request("an unknown pseudo-field", ":other", "1"),
                Case.of("no method", 400, ":scheme", "http", ":authority", "test", ":path", "/"),
                Case.of("no scheme", 400, ":method", "GET", ":authority", "test", ":path", "/"),
                Case.of("another scheme", 400, ":method", "GET", ":scheme", "ftp", ":authority", "test", ":path", "/"),
                Case.of("no path", 400, ":method", "GET", ":scheme", "http", ":authority", "test"),
                path("an empty path", ""),
                path("a path without a slash", "a"),
                path("an absolute target", "http://test/"),
                path("a blank in the path", "/a b"),
                path("a line in the path", "/ HTTP/1.1\r\nx: y"),
                path("a fragment", "/#a"),
                path("a path above the root", "/../a"),
                path("an asterisk without OPTIONS", "*"),
                Case.of(
                        "a protocol without CONNECT",
                        400,
                        ":method",
                        "GET",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "http",
                        ":authority",
                        "test",
                        ":path",
                        "/"));
    }

    private static Case request(String what, String... more) {
        return new Case(what, 400, List.of(Http2Wire.request("GET", "/", more)));
    }

    private static Case path(String what, String path) {
        return new Case(what, 400, List.of(Http2Wire.request("GET", path)));
    }

    static List<Case> answered() {
        return List.of(
                Case.of("no authority", 400, ":method", "GET", ":scheme", "http", ":path", "/"),
                request("another Host", "host", "other"),
                Case.of(
                        "a user in the authority",
                        400,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "u@test",
                        ":path",
                        "/"),
                Case.of("CONNECT", 501, ":method", "CONNECT", ":authority", "test:80"),
                new Case("an expectation", 417, List.of(Http2Wire.request("GET", "/", "expect", "magic"))),
                new Case("a long target", 414, List.of(Http2Wire.request("GET", "/" + "a".repeat(9000)))),
                new Case("a large head", 431, List.of(Http2Wire.request("GET", "/", "x-a", "a".repeat(33_000)))));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedRequestsEndWithAProtocolErrorOnTheirStream(Case wrong) throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, true, wrong.fields().toArray(String[]::new));
            assertThat(client.answer(1).status()).isEqualTo(wrong.status());
            Http2Wire.Frame reset = client.await(Http2Wire.RST_STREAM);
            assertThat(reset.int32(0)).isEqualTo(PROTOCOL_ERROR);
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("hello");
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("answered")
    void wellFormedOnesThatCantBeServedAreAnswered(Case wrong) throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            byte[] block = Http2Wire.block(wrong.fields().toArray(String[]::new));
            int first = Math.min(block.length, 16_384);
            boolean whole = first == block.length;
            client.frame(1, whole ? 5 : 1, 1, java.util.Arrays.copyOf(block, first));
            for (int at = first; at < block.length; at += 16_384) {
                int end = Math.min(at + 16_384, block.length);
                client.frame(9, end == block.length ? 4 : 0, 1, java.util.Arrays.copyOfRange(block, at, end));
            }
            assertThat(client.answer(1).status()).isEqualTo(wrong.status());
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("hello");
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void aBodyThatIsLongerOrShorterThanAnnouncedIsRefused() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, Http2Wire.request("POST", "/", "content-length", "3"));
            client.data(1, false, "abcd");
            assertThat(client.endCode()).isEqualTo(PROTOCOL_ERROR);
            client.headers(3, false, Http2Wire.request("POST", "/", "content-length", "3"));
            client.data(3, true, "ab");
            assertThat(client.endCode()).isEqualTo(PROTOCOL_ERROR);
            client.get(5, "/");
            assertThat(client.answer(5).body()).isEqualTo("hello");
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefusedSoThatTheyCanBeTriedAgain() throws IOException {
        try (Origin origin = Origin.start(connection -> connection.ends());
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            for (int i = 0; i < 129; i++) {
                client.get(i * 2 + 1, "/");
            }
            Http2Wire.Frame refused = client.await(Http2Wire.RST_STREAM);
            assertThat(refused.id()).isEqualTo(257);
            assertThat(refused.int32(0)).as("REFUSED_STREAM").isEqualTo(7);
        }
    }

    @Test
    void framesOnStreamsThatNobodyOpenedEndTheConnection() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.frame(Http2Wire.DATA, 0, 1, new byte[1]);
            assertThat(client.endCode()).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.ends()).isTrue();
        }
    }
}
