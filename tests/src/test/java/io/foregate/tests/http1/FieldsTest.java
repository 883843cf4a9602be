package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is added to heads, what is taken away, and who is believed about the client. */
@ExtendWith(NoLeaks.class)
final class FieldsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static Foregate.Setup plain(Origin server) {
        return Foregate.inFrontOf(server);
    }

    /** Sends a request with those fields and shows the head that the origin got. */
    private static Message forwarded(Consumer<Foregate.Setup> with, String fields) {
        try (var server = new Origin()) {
            var setup = plain(server);
            with.accept(setup);
            try (var foregate = setup.start();
                    var client = foregate.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a.example:81\r\n" + fields + "\r\n");
                var origin = server.accept();
                Message got = origin.head();
                origin.send(OK);
                client.expectStatus(200);
                return got;
            }
        }
    }

    private static Message forwarded(String fields) {
        return forwarded(setup -> {}, fields);
    }

    /** Lets the origin answer with that head and shows the one that the client got. */
    private static Message answered(String head) {
        try (var server = new Origin();
                var foregate = plain(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.send(head + "\r\n");
            return client.head();
        }
    }

    @Test
    void hopByHopFieldsEndHere() {
        Message got =
                forwarded("Connection: keep-alive, X-Secret,x-other ,, TE\r\nConnection: x-third\r\nX-Secret: 1\r\n"
                        + "X-Other: 2\r\nx-tHIRD: 3\r\nX-Stays: 4\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n"
                        + "TE: deflate\r\nUpgrade: x\r\nHTTP2-Settings: AAM\r\nX-Secret: 5\r\n");
        for (String gone : new String[] {
            "Connection",
            "X-Secret",
            "X-Other",
            "X-Third",
            "Keep-Alive",
            "Proxy-Connection",
            "TE",
            "Upgrade",
            "HTTP2-Settings",
            "Transfer-Encoding"
        }) {
            got.expectNo(gone);
        }
        got.expect("X-Stays", "4").expect("Host", "a.example:81");
    }

    @Test
    void whoTakesTrailersIsSaid() {
        forwarded("Connection: TE\r\nTE: trailers\r\n").expect("TE", "trailers").expect("Connection", "TE");
        forwarded("TE: deflate\r\n").expectNo("TE");
    }

    @Test
    void hopByHopFieldsOfTheOriginEndHereToo() {
        Message got =
                answered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\n"
                        + "Keep-Alive: timeout=5, max=3\r\nProxy-Connection: close\r\nTE: x\r\nX-Stays: 2\r\n");
        got.expectNo("Connection").expectNo("X-Secret").expectNo("Keep-Alive").expectNo("Proxy-Connection");
        got.expectNo("TE").expect("X-Stays", "2");
    }

    @Test
    void viaIsAppendedToRequests() {
        forwarded("").expect("Via", "1.1 foregate");
        forwarded("Via: 1.0 first\r\nVia: 1.1 second (x)\r\n").expect("Via", "1.0 first, 1.1 second (x), 1.1 foregate");
        forwarded(Foregate.Setup::withoutVia, "").expectNo("Via");
        answered(OK.strip() + "\r\n").expectNo("Via");
    }

    @Test
    void requestThatGoesInCirclesIsStopped() {
        try (var server = new Origin();
                var foregate = plain(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nVia: " + "1.1 foregate, ".repeat(50) + "1.1 x\r\n\r\n");
            client.body(client.expectStatus(508));
            server.expectNoConnection();
        }
    }

    @Test
    void dateIsAddedWhereItIsMissing() {
        assertThat(answered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n").value("Date"))
                .matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT");
        answered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
                .expect("Date", "Thu, 01 Jan 1970 00:00:00 GMT");
    }

    @Test
    void requestIdIsMadeOrPassed() {
        assertThat(forwarded("").value("X-Request-Id")).matches("[0-9a-f]{32}");
        forwarded("X-Request-Id: abc-123\r\n").expect("X-Request-Id", "abc-123");
        for (String unfit : new String[] {
            "X-Request-Id: a b\r\n",
            "X-Request-Id:\r\n",
            "X-Request-Id: a\r\nX-Request-Id: b\r\n",
            "X-Request-Id: " + "a".repeat(1000) + "\r\n"
        }) {
            assertThat(forwarded(unfit).value("X-Request-Id")).as(unfit).matches("[0-9a-f]{32}");
        }
        answered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Request-Id: origin\r\n")
                .expect("X-Request-Id", "mine");
    }

    @Test
    void requestIdOfAnErrorIsToldToTheClient() {
        try (var server = new Origin();
                var foregate = plain(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n");
            server.accept().close();
            server.accept().close();
            Message head = client.expectStatus(502).expect("X-Request-Id", "mine");
            assertThat(client.body(head)).contains("mine").doesNotContain("127.0.0.1", "foregate", "io.", "web");
            head.expectNo("Server").expectNo("Via");
        }
    }

    // ---- who the client is ----

    @Test
    void originIsToldWhoAskedForWhat() {
        forwarded("")
                .expect("X-Forwarded-For", "127.0.0.1")
                .expect("X-Forwarded-Proto", "http")
                .expect("X-Forwarded-Host", "a.example:81")
                .expectNo("Forwarded");
        forwarded(setup -> setup.forwarded("rfc7239"), "")
                .expect("Forwarded", "for=127.0.0.1;proto=http;host=\"a.example:81\"")
                .expectNo("X-Forwarded-For")
                .expectNo("X-Forwarded-Proto")
                .expectNo("X-Forwarded-Host");
        forwarded(setup -> setup.forwarded("both"), "")
                .expect("Forwarded", "for=127.0.0.1;proto=http;host=\"a.example:81\"")
                .expect("X-Forwarded-For", "127.0.0.1");
        forwarded(setup -> setup.forwarded("off"), "").expectNo("Forwarded").expectNo("X-Forwarded-For");
    }

    private static final String CLAIMS = "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7, 8.8.8.8\r\n"
            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\nX-Real-IP: 6.6.6.6\r\n"
            + "Forwarded: for=6.6.6.6;host=evil\r\n";

    @Test
    void whatAClientClaimsAboutItselfIsDropped() {
        forwarded(CLAIMS)
                .expect("X-Forwarded-For", "127.0.0.1")
                .expect("X-Forwarded-Proto", "http")
                .expect("X-Forwarded-Host", "a.example:81")
                .expectNo("X-Forwarded-Port")
                .expectNo("X-Real-IP")
                .expectNo("Forwarded");
        forwarded(setup -> setup.forwarded("off"), CLAIMS)
                .expectNo("X-Forwarded-For")
                .expectNo("X-Real-IP")
                .expectNo("Forwarded");
        forwarded(setup -> setup.trusting("10.0.0.0/8"), CLAIMS).expect("X-Forwarded-For", "127.0.0.1");
    }

    @Test
    void trustedProxyIsBelievedAndAppendedTo() {
        forwarded(setup -> setup.trusting("127.0.0.0/8"), CLAIMS)
                .expect("X-Forwarded-For", "6.6.6.6, 7.7.7.7, 8.8.8.8, 127.0.0.1")
                .expect("X-Forwarded-Proto", "https")
                .expect("X-Forwarded-Host", "evil");
        forwarded(setup -> setup.trusting("127.0.0.0/8").forwarded("rfc7239"), "Forwarded: for=6.6.6.6\r\n")
                .expect("Forwarded", "for=6.6.6.6, for=127.0.0.1;proto=http;host=\"a.example:81\"");
    }

    @Test
    void connectionCannotListAwayWhatIsAddedHere() {
        forwarded("Connection: X-Forwarded-For, X-Request-Id, Via, X-Forwarded-Host\r\n")
                .expect("X-Forwarded-For", "127.0.0.1")
                .expect("X-Forwarded-Host", "a.example:81")
                .expect("Via", "1.1 foregate");
    }
}
