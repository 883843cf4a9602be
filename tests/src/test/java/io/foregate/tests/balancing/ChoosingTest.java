package io.foregate.tests.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.upstream.Endpoint;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ChoosingTest {
    @TempDir
    Path folder;

    private final List<Origin> origins = new ArrayList<>();

    @AfterEach
    void close() {
        origins.forEach(Origin::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"round-robin", "least-requests", "peak-ewma", "random", "hash"})
    void everyWayOfChoosingServes(String balance) throws Exception {
        try (var proxy = start("balance: " + balance + "\n    servers: [" + saying("a") + ", " + saying("b") + "]")) {
            for (int i = 0; i < 20; i++) {
                assertThat(get(proxy, "/", "").text()).isIn("a", "b");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{header: X-User}", "{cookie: user}", "{query: user}", "path"})
    void theSameKeyGoesToTheSameServerOnWhateverConnection(String hash) throws Exception {
        try (var proxy = start("balance: { hash: " + hash + " }\n    servers: [" + saying("a") + ", " + saying("b")
                + ", " + saying("c") + "]")) {
            Map<Integer, String> served = new HashMap<>();
            for (int round = 0; round < 4; round++) {
                // So many that no server is without any, but once in a billion runs.
                for (int user = 0; user < 60; user++) {
                    String target = hash.equals("path") ? "/u" + user : "/?user=" + user;
                    String fields = "X-User: " + user + "\r\nCookie: other=1; user=" + user + "\r\n";
                    String by = get(proxy, target, fields).text();
                    assertThat(served.merge(user, by, (before, now) -> before)).isEqualTo(by);
                }
            }
            assertThat(new HashSet<>(served.values())).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void requestsWithoutAKeyGoToAllInTurn() throws Exception {
        try (var proxy = start("balance: { hash: {header: X-User} }\n    servers: [" + saying("a") + ", " + saying("b")
                        + "]");
                var client = Wire.to(proxy.port("main"))) {
            Set<String> served = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                served.add(client.get("/").text());
            }
            assertThat(served).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void keysOfAServerThatIsGoneGoToOthersAndTheRestStay() throws Exception {
        String gone = saying("a");
        Origin leaver = origins.getLast();
        try (var proxy = start("balance: { hash: {header: X-User} }\n    servers: [" + gone + ", " + saying("b") + ", "
                + saying("c") + "]")) {
            Map<Integer, String> before = users(proxy);
            leaver.refuse();
            leaver.drop();
            Map<Integer, String> after = users(proxy);
            assertThat(after.values()).doesNotContain("a");
            before.forEach((user, by) -> {
                if (!by.equals("a")) {
                    assertThat(after.get(user)).isEqualTo(by);
                }
            });
        }
    }

    @Test
    void aBackupServesWhileNobodyElseDoes() throws Exception {
        String main = saying("main");
        Origin origin = origins.getLast();
        String backup = saying("backup");
        try (var proxy = start("servers: [" + main + ", {address: " + backup + ", backup: true}]")) {
            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, "/", "").text()).isEqualTo("main");
            }
            InetSocketAddress address = origin.address();
            origin.close();
            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, "/", "").text()).isEqualTo("backup");
            }
            try (var _ = Origin.at(address, connection -> {
                while (connection.request() != null) {
                    connection.send(Origin.ok("again"));
                }
            })) {
                await().atMost(30, TimeUnit.SECONDS)
                        .until(() -> get(proxy, "/", "").text().equals("again"));
            }
        }
    }

    @Test
    void aHigherPriorityNumberWaitsForTheLowerOnes() throws Exception {
        String first = saying("first");
        Origin origin = origins.getLast();
        try (var proxy = start("servers: [{address: " + saying("second") + ", priority: 1}, " + first + "]")) {
            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, "/", "").text()).isEqualTo("first");
            }
            origin.close();
            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, "/", "").text()).isEqualTo("second");
            }
        }
    }

    @Test
    void theOwnZoneServesAsLongAsItCan() throws Exception {
        String near = saying("near");
        Origin origin = origins.getLast();
        String servers = "servers: [{address: " + near + ", zone: a}, {address: " + saying("far") + ", zone: b}]";
        try (var proxy = start(servers, "process: { zone: a }\n")) {
            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, "/", "").text()).isEqualTo("near");
            }
            origin.close();
            for (int i = 0; i < 10; i++) {
                assertThat(get(proxy, "/", "").text()).isEqualTo("far");
            }
        }
    }

    @Test
    void aServerThatComesBackBeginsSlowlyAndThenHasItsPart() throws Exception {
        String first = saying("one");
        Origin one = origins.getLast();
        String servers = "slow-start: 2s\n    servers: [" + first + ", " + saying("other") + "]";
        try (var proxy = start(servers);
                var client = Wire.to(proxy.port("main"))) {
            Endpoint endpoint = proxy.endpoint("web", one.port());
            assertThat(share(client, one)).as("there from the beginning").isBetween(45, 55);

            endpoint.maintenance("new disk");
            await().until(() -> share(client, one) == 0);
            endpoint.backInService();
            int before = one.requests();
            await().until(() -> client.get("/").status() == 200 && one.requests() > before);

            assertThat(share(client, one)).as("at first").isBetween(1, 30);
            await().until(() -> share(client, one) >= 45);
        }
    }

    /** How many of a hundred requests go there. */
    private static int share(Wire client, Origin to) throws IOException {
        int before = to.requests();
        for (int i = 0; i < 100; i++) {
            client.get("/");
        }
        return to.requests() - before;
    }

    private Map<Integer, String> users(Configured proxy) throws IOException {
        Map<Integer, String> served = new HashMap<>();
        for (int user = 0; user < 30; user++) {
            served.put(user, get(proxy, "/", "X-User: " + user + "\r\n").text());
        }
        return served;
    }

    private String saying(String text) throws IOException {
        Origin origin = Origin.saying(text);
        origins.add(origin);
        return "\"127.0.0.1:" + origin.port() + "\"";
    }

    private Configured start(String pool) throws Exception {
        return start(pool, "");
    }

    private Configured start(String pool, String more) throws Exception {
        return Configured.start(folder, """
                listeners: { main: "127.0.0.1:0" }
                logs: { access: off }
                sites: { "*": web }
                """ + more + "pools:\n  web:\n    " + pool + "\n");
    }

    private static Message get(Configured proxy, String target, String fields) throws IOException {
        try (Wire client = Wire.to(proxy.port("main"))) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n")
                    .response();
        }
    }
}
