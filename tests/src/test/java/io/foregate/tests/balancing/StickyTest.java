package io.foregate.tests.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.upstream.Endpoint;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
final class StickyTest {
    @TempDir
    Path folder;

    private final List<Origin> origins = new ArrayList<>();

    @AfterEach
    void close() {
        origins.forEach(Origin::close);
    }

    @Test
    void curlWithACookieJarComesBackToTheSameServer() throws Exception {
        try (var proxy = start("sticky: srv")) {
            Set<String> servers = new HashSet<>();
            for (int client = 0; client < 6; client++) {
                String jar = folder.resolve("jar" + client).toString();
                Set<String> served = new HashSet<>();
                for (int i = 0; i < 5; i++) {
                    served.add(curl(proxy, "-c", jar, "-b", jar));
                }
                assertThat(served).hasSize(1);
                servers.addAll(served);
            }
            assertThat(servers).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void theCookieIsSetOnceAndSaysNothingOfTheServer() throws Exception {
        try (var proxy = start("sticky: { cookie: srv, ttl: 2h, path: /app, same-site: strict }")) {
            Message first = get(proxy, "");
            String cookie = cookie(first);
            assertThat(cookie)
                    .matches("srv=[A-Za-z0-9_-]{22}; Path=/app; Max-Age=7200; HttpOnly; SameSite=Strict")
                    .doesNotContain("127.0.0.1");
            Message second = get(proxy, value(cookie));
            assertThat(second.text()).isEqualTo(first.text());
            assertThat(second.field("Set-Cookie")).isNull();
        }
    }

    @Test
    void aCookieThatWasMadeUpIsIgnored() throws Exception {
        try (var proxy = start("sticky: srv")) {
            for (String forged : List.of(
                    "srv=", "srv=127.0.0.1:80", "srv=AAAAAAAAAAAAAAAAAAAAAA", "srv=\"x\"", "srv=" + "A".repeat(3000))) {
                Message answer = get(proxy, forged);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(cookie(answer)).startsWith("srv=");
            }
        }
    }

    @Test
    void whenTheServerIsGoneTheClientGetsAnotherAndIsToldSo() throws Exception {
        try (var proxy = start("sticky: srv")) {
            Message first = get(proxy, "");
            String old = value(cookie(first));
            Origin gone = origins.get("abc".indexOf(first.text()));
            gone.refuse();
            gone.drop();
            Message second = get(proxy, old);
            assertThat(second.text()).isNotEqualTo(first.text());
            String renewed = value(cookie(second));
            assertThat(renewed).isNotEqualTo(old);
            assertThat(get(proxy, renewed).text()).isEqualTo(second.text());
        }
    }

    @Test
    void aServerThatDrainsKeepsItsClientsOrLosesThemAsWasAsked() throws Exception {
        try (var proxy = start("sticky: srv")) {
            Message first = get(proxy, "");
            String mine = value(cookie(first));
            Origin origin = origins.get("abc".indexOf(first.text()));
            Endpoint endpoint = proxy.endpoint("web", origin.port());

            endpoint.drain(true);
            await().until(() -> {
                Set<String> served = new HashSet<>();
                for (int i = 0; i < 12; i++) {
                    served.add(get(proxy, "").text());
                }
                return served.size() == 2 && !served.contains(first.text());
            });
            for (int i = 0; i < 6; i++) {
                Message again = get(proxy, mine);
                assertThat(again.text()).isEqualTo(first.text());
                assertThat(again.field("Set-Cookie")).isNull();
            }

            endpoint.drain(false);
            await().until(() -> !get(proxy, mine).text().equals(first.text()));
            Message moved = get(proxy, mine);
            String other = value(cookie(moved));
            assertThat(other).isNotEqualTo(mine);
            assertThat(get(proxy, other).text()).isEqualTo(moved.text());

            endpoint.backInService();
            await().until(() -> get(proxy, mine).text().equals(first.text()));
            assertThat(get(proxy, other).text()).isEqualTo(moved.text());
        }
    }

    @Test
    void processesWithTheSameKeyUnderstandEachOther() throws Exception {
        Files.writeString(folder.resolve("sticky.key"), "0123456789abcdef0123456789abcdef\n");
        String sticky = "sticky: { cookie: srv, key: file:sticky.key }";
        try (var one = start(sticky);
                var other = start(sticky)) {
            for (int i = 0; i < 6; i++) {
                Message first = get(one, "");
                Message second = get(other, value(cookie(first)));
                assertThat(second.text()).isEqualTo(first.text());
                assertThat(second.field("Set-Cookie")).isNull();
            }
        }
    }

    @Test
    void overTlsTheCookieIsSecure() throws Exception {
        try (var proxy = Configured.start(
                folder, """
                listeners: { main: "127.0.0.1:0", plain: "127.0.0.1:0", tls: { address: "127.0.0.1:0", tls: on } }
                logs: { access: off }
                sites: { "localhost": { tls: internal, https-redirect: off, routes: { "/*": web } } }
                pools: { web: { servers: [%s], sticky: srv } }
                """.replace("main: \"127.0.0.1:0\", ", "").formatted(saying("a")))) {
            String shown = Program.run(
                    "curl",
                    "-sSik",
                    "https://localhost:" + proxy.port("tls"),
                    "--resolve",
                    "localhost:" + proxy.port("tls") + ":127.0.0.1");
            assertThat(shown.toLowerCase(Locale.ROOT)).contains("samesite=lax; secure");
            shown = Program.run("curl", "-sSi", "-H", "Host: localhost", "http://127.0.0.1:" + proxy.port("plain"));
            assertThat(shown).contains("SameSite=Lax").doesNotContain("Secure");
        }
    }

    private Configured start(String sticky) throws Exception {
        if (origins.isEmpty()) {
            for (String name : List.of("a", "b", "c")) {
                saying(name);
            }
        }
        StringBuilder servers = new StringBuilder();
        origins.forEach(origin -> servers.append(servers.isEmpty() ? "" : ", ").append(address(origin)));
        return Configured.start(folder, """
                listeners: { main: "127.0.0.1:0" }
                logs: { access: off }
                sites: { "*": web }
                pools:
                  web:
                    servers: [%s]
                    %s
                """.formatted(servers, sticky));
    }

    private String saying(String text) throws IOException {
        Origin origin = Origin.saying(text);
        origins.add(origin);
        return address(origin);
    }

    private static String address(Origin origin) {
        return "\"127.0.0.1:" + origin.port() + "\"";
    }

    private static String curl(Configured proxy, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-f"));
        command.addAll(List.of(options));
        command.add("http://127.0.0.1:" + proxy.port("main") + "/");
        return Program.run(command.toArray(String[]::new));
    }

    private static Message get(Configured proxy, String cookie) throws IOException {
        try (Wire client = Wire.to(proxy.port("main"))) {
            String field = cookie.isEmpty() ? "" : "Cookie: theme=dark; " + cookie + "\r\n";
            return client.send("GET /app HTTP/1.1\r\nHost: test\r\n" + field + "\r\n")
                    .response();
        }
    }

    private static String cookie(Message answer) {
        return Objects.requireNonNull(answer.field("Set-Cookie"), "no cookie was set");
    }

    private static String value(String cookie) {
        return cookie.substring(0, cookie.indexOf(';'));
    }
}
