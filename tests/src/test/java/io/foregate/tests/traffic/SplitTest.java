package io.foregate.tests.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
final class SplitTest {
    @TempDir
    private Path folder;

    private Configured start(Origin old, Origin next, String split) throws Exception {
        return Configured.start(folder, config(old, next, split));
    }

    private static String config(Origin old, Origin next, String split) {
        return """
                listeners: { main: "127.0.0.1:0" }
                trusted-proxies: [127.0.0.0/8]
                sites: { "*": { routes: { /*: { split: %s } } } }
                pools: { old: ["127.0.0.1:%d"], next: ["127.0.0.1:%d"], dark: ["127.0.0.1:1"] }
                logs: { access: off, error: error }
                """.formatted(split, old.port(), next.port());
    }

    private static Message ask(Wire client, String field) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: test\r\n" + field + "\r\n\r\n");
        return client.response();
    }

    @Test
    void poolsThatTakeTurnsGetExactlyTheirShares() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(old, next, "{ pools: { old: 92.5%, next: 7.5% }, by: request }");
                Wire client = Wire.to(foregate.port("main"))) {
            for (int i = 0; i < 2000; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            // One connection is one loop.
            assertThat(old.requests()).isEqualTo(1850);
            assertThat(next.requests()).isEqualTo(150);
        }
    }

    @Test
    void clientsAreDealtOutByShareAndStay() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(old, next, "{ old: 80%, next: 20% }");
                Wire client = Wire.to(foregate.port("main"))) {
            Map<String, String> first = new HashMap<>();
            for (int i = 0; i < 4000; i++) {
                String address = "X-Forwarded-For: 10." + i % 7 + "." + i / 250 + "." + i % 250;
                first.put(address, ask(client, address).text());
            }
            long onNext = first.values().stream().filter("next"::equals).count();
            // Six standard deviations of 4000 throws at 20 %.
            assertThat(onNext).isBetween(800L - 152, 800L + 152);
            try (Wire other = Wire.to(foregate.port("main"))) {
                int asked = 0;
                for (Map.Entry<String, String> known : first.entrySet()) {
                    if (asked++ < 500) {
                        assertThat(ask(other, known.getKey()).text()).isEqualTo(known.getValue());
                    }
                }
            }
        }
    }

    @Test
    void clientsOfOneIpv6NetworkStayTogether() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(old, next, "{ old: 50%, next: 50% }");
                Wire client = Wire.to(foregate.port("main"))) {
            Set<String> oneNetwork = new HashSet<>();
            Set<String> manyNetworks = new HashSet<>();
            for (int i = 1; i < 60; i++) {
                oneNetwork.add(
                        ask(client, "X-Forwarded-For: 2001:db8:0:1::" + i).text());
                manyNetworks.add(
                        ask(client, "X-Forwarded-For: 2001:db8:0:" + i + "::1").text());
            }
            assertThat(oneNetwork).hasSize(1);
            assertThat(manyNetworks).hasSize(2);
        }
    }

    @Test
    void aGrowingShareMovesOnlyThoseThatItMust() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(old, next, byUser(95, 5));
                Wire client = Wire.to(foregate.port("main"))) {
            Set<String> before = onNext(client);
            foregate.change(config(old, next, byUser(75, 25)));
            Set<String> grown = onNext(client);
            foregate.change(config(old, next, byUser(95, 5)));
            Set<String> back = onNext(client);

            assertThat(before).hasSizeBetween(20, 110);
            assertThat(grown).hasSizeBetween(190, 310).containsAll(before);
            assertThat(back).isEqualTo(before);
        }
    }

    private static String byUser(int old, int next) {
        return "{ pools: { old: " + old + "%, next: " + next + "% }, by: { header: X-User } }";
    }

    private static Set<String> onNext(Wire client) throws IOException {
        Set<String> users = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            if (ask(client, "X-User: user-" + i).text().equals("next")) {
                users.add("user-" + i);
            }
        }
        return users;
    }

    @Test
    void aRequestMayChooseAmongThePoolsOfItsSplitOnly() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(
                        old, next, "{ pools: { old: 100%, next: 0% }, override: { header: X-Pool, cookie: pool } }");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(ask(client, "X-Pool: next").text()).isEqualTo("next");
            assertThat(ask(client, "Cookie: a=b; pool=next").text()).isEqualTo("next");
            assertThat(ask(client, "X-Pool: old\r\nCookie: pool=next").text()).isEqualTo("old");
            assertThat(ask(client, "X-Pool: dark").text()).isEqualTo("old");
            assertThat(ask(client, "X-Pool: dark\r\nCookie: pool=next").text()).isEqualTo("next");
            assertThat(client.get("/").text()).isEqualTo("old");
        }
    }

    @Test
    void onlyChosenClientsMayChoose() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(
                        old,
                        next,
                        "{ pools: { old: 100%, next: 0% }, override: { header: X-Pool, from: [10.1.0.0/16] } }");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(ask(client, "X-Pool: next\r\nX-Forwarded-For: 10.1.2.3").text())
                    .isEqualTo("next");
            assertThat(ask(client, "X-Pool: next\r\nX-Forwarded-For: 10.2.2.3").text())
                    .isEqualTo("old");
        }
    }

    @Test
    void curlStaysWithItsCookieAndWithoutItDoesNot() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured foregate = start(old, next, "{ pools: { old: 50%, next: 50% }, by: own-cookie }")) {
            String url = "http://127.0.0.1:" + foregate.port("main") + "/";
            Set<String> first = new HashSet<>();
            for (int browser = 0; browser < 12; browser++) {
                String jar = folder.resolve("jar-" + browser).toString();
                String answer = Program.run("curl", "-sSf", "-b", jar, "-c", jar, url);
                first.add(answer);
                for (int i = 0; i < 5; i++) {
                    assertThat(Program.run("curl", "-sSf", "-b", jar, "-c", jar, url))
                            .isEqualTo(answer);
                }
                assertThat(Files.readString(Path.of(jar))).containsOnlyOnce("foregate-split");
            }
            assertThat(first).containsExactlyInAnyOrder("old", "next");
            assertThat(Program.run("curl", "-sSf", "-i", url))
                    .containsPattern("(?i)set-cookie: foregate-split=[0-9a-f]{16}; Path=/; HttpOnly; SameSite=Lax");
            assertThat(Program.run("curl", "-sSf", "-i", "-H", "Cookie: foregate-split=0123456789abcdef", url))
                    .doesNotContainIgnoringCase("set-cookie");
        }
    }

    @Test
    void aKeyOfTheApplicationDecidesWhereverItStands() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next");
                Configured byCookie = start(old, next, "{ pools: { old: 50%, next: 50% }, by: { cookie: user } }");
                Configured byQuery = start(old, next, "{ pools: { old: 50%, next: 50% }, by: { query: user } }");
                Wire cookies = Wire.to(byCookie.port("main"));
                Wire queries = Wire.to(byQuery.port("main"))) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                String answer = ask(cookies, "Cookie: a=b; user=u" + i).text();
                seen.add(answer);
                assertThat(queries.get("/?x=y&user=u" + i).text()).isEqualTo(answer);
            }
            assertThat(seen).hasSize(2);
        }
    }

    @Test
    void eachPoolKeepsItsOwnHostAndTimeouts() throws Exception {
        Origin.Script host = connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                connection.send(Origin.ok(String.valueOf(request.field("Host"))));
            }
        };
        try (Origin old = Origin.start(host);
                Origin silent = Origin.start(connection -> {
                    connection.request();
                    connection.ends();
                });
                Origin next = Origin.start(host);
                Configured foregate = Configured.start(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        sites:
                          "*": { routes: { /*: { split: {
                            pools: { old: 100%%, next: 0%%, own: 0%%, silent: 0%% }, override: X-Pool } } } }
                        pools:
                          old: ["127.0.0.1:%1$d"]
                          next: { servers: ["127.0.0.1:%2$d"], host: next.internal }
                          own: { servers: ["127.0.0.1:%2$d"], host: upstream }
                          silent: { servers: ["127.0.0.1:%3$d"], timeouts: { first-byte: 100ms } }
                        logs: { access: off, error: error }
                        """.formatted(old.port(), next.port(), silent.port()));
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(ask(client, "X-Pool: old").text()).isEqualTo("test");
            assertThat(ask(client, "X-Pool: next").text()).isEqualTo("next.internal");
            assertThat(ask(client, "X-Pool: own").text()).isEqualTo("127.0.0.1:" + next.port());
            assertThat(ask(client, "X-Pool: silent").status()).isEqualTo(504);
        }
    }
}
