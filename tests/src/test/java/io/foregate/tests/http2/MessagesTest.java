package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests and answers of every shape come through from HTTP/2 to an origin that speaks HTTP/1.1, and back. */
@ExtendWith(NoLeaks.class)
final class MessagesTest {
    private final LinkedBlockingQueue<Message> requests = new LinkedBlockingQueue<>();

    private Message request() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS), "no request came to the origin");
    }

    private Origin answering(String answer) throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                requests.add(request);
                connection.send(answer);
            }
        });
    }

    @Test
    void anythingGetsThrough() throws Exception {
        try (Origin origin = answering(Origin.ok("hello"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/a?b=c", "x-a", "1");
            Http2Wire.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.head()).contains("content-length: 5\n", "x-request-id: ", "date: ");
            Message seen = request();
            assertThat(seen.start()).isEqualTo("GET /a?b=c HTTP/1.1");
            assertThat(seen.field("Host")).isEqualTo("test");
            assertThat(seen.field("x-a")).isEqualTo("1");
            assertThat(seen.field("Transfer-Encoding")).isNull();
        }
    }

    @Test
    void aPostWithoutABodySaysSoToTheOrigin() throws Exception {
        try (Origin origin = answering(Origin.ok("hello"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, true, Http2Wire.request("POST", "/"));
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(request().field("Content-Length")).isEqualTo("0");
        }
    }

    @Test
    void manyRequestsShareAConnectionAndOneLoopsTurn() throws Exception {
        try (Origin origin = answering(Origin.ok("hello"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            for (int i = 0; i < 100; i++) {
                client.queue(
                        Http2Wire.HEADERS,
                        Http2Wire.END_HEADERS | Http2Wire.END_STREAM,
                        i * 2 + 1,
                        Http2Wire.block(Http2Wire.request("GET", "/" + i)));
            }
            client.flush();
            int ended = 0;
            while (ended < 100) {
                ended += client.await(Http2Wire.DATA).has(Http2Wire.END_STREAM) ? 1 : 0;
            }
        }
    }

    @Test
    void bodiesOfKnownAndUnknownLengthAreSentOn() throws Exception {
        try (Origin origin = answering(Origin.ok("ok"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, Http2Wire.request("POST", "/known", "content-length", "10"));
            client.data(1, false, "01234");
            client.data(1, true, "56789");
            assertThat(client.answer(1).status()).isEqualTo(200);
            Message known = request();
            assertThat(known.text()).isEqualTo("0123456789");
            assertThat(known.field("Content-Length")).isEqualTo("10");
            client.headers(3, false, Http2Wire.request("POST", "/unknown"));
            client.data(3, false, "abc");
            client.data(3, true, "");
            assertThat(client.answer(3).status()).isEqualTo(200);
            Message unknown = request();
            assertThat(unknown.text()).isEqualTo("abc");
            assertThat(unknown.field("Transfer-Encoding")).isEqualTo("chunked");
        }
    }

    @Test
    void paddingIsTakenOff() throws Exception {
        try (Origin origin = answering(Origin.ok("ok"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, Http2Wire.request("PUT", "/", "content-length", "2"));
            client.frame(Http2Wire.DATA, Http2Wire.END_STREAM | 8, 1, new byte[] {3, 'h', 'i', 0, 0, 0});
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(request().text()).isEqualTo("hi");
        }
    }

    @Test
    void headsInPiecesAreUnderstood() throws Exception {
        try (Origin origin = answering(Origin.ok("ok"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            byte[] block = Http2Wire.block(Http2Wire.request("GET", "/pieces", "x-long", "y".repeat(500)));
            client.frame(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1, java.util.Arrays.copyOf(block, 20));
            client.frame(Http2Wire.CONTINUATION, 0, 1, java.util.Arrays.copyOfRange(block, 20, 21));
            client.frame(
                    Http2Wire.CONTINUATION,
                    Http2Wire.END_HEADERS,
                    1,
                    java.util.Arrays.copyOfRange(block, 21, block.length));
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(request().field("x-long")).hasSize(500);
        }
    }

    @Test
    void trailersPassBothWays() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    Message head = Objects.requireNonNull(connection.head());
                    requests.add(head);
                    StringBuilder rest = new StringBuilder();
                    while (!rest.toString().endsWith("\r\n\r\n")) {
                        rest.append((char) connection.in().read());
                    }
                    requests.add(new Message(rest.toString(), java.util.List.of(), new byte[0]));
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                            + "3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n");
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, Http2Wire.request("POST", "/", "te", "trailers"));
            client.data(1, false, "body");
            client.headers(1, true, "x-check", "7", "content-length", "99");
            Http2Wire.Answer answer = client.answer(1);
            assertThat(answer.body()).isEqualTo("abc");
            assertThat(answer.trailers()).isEqualTo("x-sum: 6\n");
            assertThat(request().field("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(request().start()).isEqualTo("4\r\nbody\r\n0\r\nx-check: 7\r\n\r\n");
        }
    }

    @Test
    void answersWithoutABodyHaveNone() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        connection.send(
                                switch (request.target()) {
                                    case "/204" -> "HTTP/1.1 204 No Content\r\n\r\n";
                                    case "/304" ->
                                        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n";
                                    default -> "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
                                });
                    }
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, true, Http2Wire.request("HEAD", "/"));
            Http2Wire.Frame head = client.await(Http2Wire.HEADERS);
            assertThat(head.has(Http2Wire.END_STREAM)).isTrue();
            assertThat(head.fields()).contains(":status: 200", "content-length: 5");
            client.get(3, "/204");
            assertThat(client.await(Http2Wire.HEADERS).has(Http2Wire.END_STREAM))
                    .isTrue();
            client.get(5, "/304");
            Http2Wire.Frame notModified = client.await(Http2Wire.HEADERS);
            assertThat(notModified.has(Http2Wire.END_STREAM)).isTrue();
            assertThat(notModified.fields()).contains(":status: 304", "etag: \"a\"");
        }
    }

    @Test
    void interimAnswersArePassedOn() throws Exception {
        try (Origin origin = answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Origin.ok("done"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/");
            Http2Wire.Frame hints = client.await(Http2Wire.HEADERS);
            assertThat(hints.fields()).isEqualTo(":status: 103\nlink: </a>\n");
            assertThat(hints.has(Http2Wire.END_STREAM)).isFalse();
            assertThat(client.answer(1).body()).isEqualTo("done");
        }
    }

    @Test
    void cookieCrumbsBecomeOneField() throws Exception {
        try (Origin origin = answering(Origin.ok("ok"));
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/", "cookie", "a=1", "x-b", "2", "cookie", "c=3");
            client.answer(1);
            Message seen = request();
            assertThat(seen.fields().stream()
                            .filter(line ->
                                    line.toLowerCase(java.util.Locale.ROOT).startsWith("cookie")))
                    .containsExactly("Cookie: a=1; c=3");
        }
    }

    @Test
    void anOriginThatBreaksOffBreaksOffTheStreamOnly() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    Message request = Objects.requireNonNull(connection.request());
                    connection.send(
                            request.target().equals("/broken")
                                    ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
                                    : Origin.ok("whole"));
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/broken");
            assertThat(client.endCode()).as("INTERNAL_ERROR").isEqualTo(2);
            client.get(3, "/whole");
            assertThat(client.answer(3).body()).isEqualTo("whole");
        }
    }

    @Test
    void anEarlyAnswerIsWholeAndTheUploadIsStoppedWithoutError() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
                    connection.ends();
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, Http2Wire.request("POST", "/"));
            client.data(1, false, "begun");
            Http2Wire.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("no");
            Http2Wire.Frame reset = client.await(Http2Wire.RST_STREAM);
            assertThat(reset.int32(0)).as("NO_ERROR").isZero();
            client.data(1, true, "what was on its way");
            client.frame(Http2Wire.PING, 0, 0, new byte[8]);
            assertThat(client.next().type()).isEqualTo(Http2Wire.PING);
        }
    }

    /** RFC 6455 §4.2.2. */
    private static String accept(Message request) {
        try {
            String key = request.field("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void webSocketsPassByExtendedConnect() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    Message request = Objects.requireNonNull(connection.head());
                    requests.add(request);
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: " + accept(request) + "\r\n\r\nfrom origin");
                    byte[] bytes = connection.in().readNBytes("from client".length());
                    connection.send(bytes);
                    connection.shutdownOutput();
                    connection.ends();
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.webSocket(1);
            client.data(1, false, "from client");
            Http2Wire.Frame head = client.await(Http2Wire.HEADERS);
            assertThat(head.fields()).contains(":status: 200");
            assertThat(head.has(Http2Wire.END_STREAM)).isFalse();
            StringBuilder came = new StringBuilder();
            Http2Wire.Frame frame = client.await(Http2Wire.DATA);
            while (!frame.has(Http2Wire.END_STREAM)) {
                came.append(frame.text());
                frame = client.await(Http2Wire.DATA);
            }
            came.append(frame.text());
            assertThat(came.toString()).isEqualTo("from originfrom client");
            client.data(1, true, "");
            Message seen = request();
            assertThat(seen.start()).isEqualTo("GET /chat HTTP/1.1");
            assertThat(seen.field("Upgrade")).isEqualTo("websocket");
        }
    }

    @Test
    void theSameListenerStillSpeaksHttp1() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Wire slow = proxy.client()) {
            slow.send("P");
            slow.send("RI / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(slow.response().status()).isEqualTo(200);
            assertThat(proxy.get("/").text()).isEqualTo("hello");
        }
    }
}
