package io.foregate.tests.discovery;

import static io.foregate.tests.discovery.NameServer.address;
import static io.foregate.tests.discovery.NameServer.alias;
import static io.foregate.tests.discovery.NameServer.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers that DNS knows: each record is one, and the set follows the answers. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class DnsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Configured proxy(NameServer dns, String servers) throws Exception {
        return Configured.start(folder, """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites: { "*": api }
                pools: { api: { servers: %s } }
                dns: { servers: ["127.0.0.1:%d"], timeout: 300ms }
                logs: { access: off }
                """.formatted(servers, dns.port()));
    }

    private static Message get(Configured proxy) throws Exception {
        try (Wire client = Wire.to(proxy.port("main"))) {
            return client.get("/");
        }
    }

    /** Who answers, asked often enough that everyone's turn comes. */
    private static Set<String> answering(Configured proxy) throws Exception {
        Set<String> who = new TreeSet<>();
        try (Wire client = Wire.to(proxy.port("main"))) {
            for (int i = 0; i < 12; i++) {
                Message answer = client.get("/");
                who.add(answer.status() == 200 ? answer.text() : answer.start());
            }
        }
        return who;
    }

    @Test
    void everyAddressOfANameIsAServerAndANewAnswerMovesRequestsWithoutLosingOne() throws Exception {
        try (var group = Group.of(4);
                var dns = NameServer.start()) {
            dns.serve(address("api.test", 1, "127.0.0.1"), address("api.test", 1, "127.0.0.2"));
            try (var proxy = proxy(dns, "{ dns: \"api.test:" + group.port() + "\" }");
                    var load = Load.on(proxy.port("main"), 4)) {
                await().atMost(SOON).until(() -> load.answersOf("127.0.0.1") > 20 && load.answersOf("127.0.0.2") > 20);

                dns.serve(address("api.test", 1, "127.0.0.2"), address("api.test", 1, "127.0.0.3"));
                await().atMost(SOON).until(() -> load.answersOf("127.0.0.3") > 20);
                dns.serve(address("api.test", 1, "127.0.0.4"));
                await().atMost(SOON).until(() -> load.answersOf("127.0.0.4") > 20);
                int before = load.answersOf("127.0.0.2") + load.answersOf("127.0.0.3");
                int all = load.count();
                await().atMost(SOON).until(() -> load.count() > all + 200);

                assertThat(load.answersOf("127.0.0.2") + load.answersOf("127.0.0.3"))
                        .as("what those that have left answer any more, but for what was under way")
                        .isLessThanOrEqualTo(before + 4);
                assertThat(load.stop()).isEmpty();
                await("connections of those that have left close")
                        .atMost(SOON)
                        .until(() -> group.at(1).open() + group.at(2).open() == 0);
            }
        }
    }

    @Test
    void whatIsUnderWayAtAServerThatLeavesIsFinished() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (var leaving = Origin.start(connection -> {
                    for (boolean first = arrived.getCount() > 0; connection.request() != null; first = false) {
                        if (first) {
                            arrived.countDown();
                            go.await();
                        }
                        connection.send(Origin.ok(first ? "late" : "leaving"));
                    }
                });
                var group = Group.of(2);
                var dns = NameServer.start()) {
            dns.serve(
                    service("_http._tcp.api.test", 1, 0, 0, leaving.address().getPort(), "one.test"),
                    address("one.test", 60, "127.0.0.1"));
            try (var proxy = proxy(dns, "{ srv: _http._tcp.api.test }");
                    var client = Wire.to(proxy.port("main"))) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                arrived.await();

                dns.serve(
                        service("_http._tcp.api.test", 1, 0, 0, group.port(), "two.test"),
                        address("two.test", 60, "127.0.0.2"));
                await().atMost(SOON).until(() -> answering(proxy).equals(Set.of("127.0.0.2")));
                go.countDown();

                assertThat(client.response().text()).isEqualTo("late");
                await().atMost(SOON).until(() -> leaving.open() == 0);
            }
        }
    }

    @Test
    void serversStayInUseWhileDnsFailsInWhateverWay() throws Exception {
        try (var group = Group.of(2);
                var dns = NameServer.start()) {
            dns.serve(address("api.test", 0, "127.0.0.1"));
            try (var proxy = proxy(dns, "{ dns: \"api.test:" + group.port() + "\" }")) {
                for (NameServer.Mood mood : new NameServer.Mood[] {NameServer.Mood.FAILS, NameServer.Mood.SILENT}) {
                    dns.mood(mood);
                    await().atMost(SOON)
                            .until(() ->
                                    proxy.foregate().discoveries().getFirst().failure() != null);
                    assertThat(get(proxy).text()).isEqualTo("127.0.0.1");
                    dns.mood(NameServer.Mood.ANSWERS);
                    await().atMost(SOON)
                            .until(() ->
                                    proxy.foregate().discoveries().getFirst().failure() == null);
                }
                dns.serve();
                await().atMost(SOON)
                        .until(() -> proxy.foregate().discoveries().getFirst().failure() != null);
                assertThat(proxy.foregate().discoveries().getFirst().failure()).contains("no such name");
                assertThat(get(proxy).text()).isEqualTo("127.0.0.1");

                dns.serve(address("api.test", 0, "127.0.0.2"));
                await().atMost(SOON).until(() -> answering(proxy).equals(Set.of("127.0.0.2")));
            }
        }
    }

    @Test
    void aNameThatDoesNotResolveIsAPoolThatIsDownUntilItDoes() throws Exception {
        try (var group = Group.of(1);
                var dns = NameServer.start();
                var proxy = proxy(dns, "{ dns: \"api.test:" + group.port() + "\" }")) {
            assertThat(get(proxy).status()).isEqualTo(503);
            dns.serve(address("api.test", 60, "127.0.0.1"));
            await().atMost(SOON).until(() -> get(proxy).status() == 200);
        }
    }

    @Test
    void serversWithNamesAreLookedUpBeforeThoseThatServeGo() throws Exception {
        try (var one = Origin.saying("one");
                var two = Origin.saying("two");
                var dns = NameServer.start()) {
            dns.serve(
                    service("_http._tcp.api.test", 1, 0, 0, one.port(), "a.test"), address("a.test", 60, "127.0.0.1"));
            dns.slow("b.test");
            try (var proxy = proxy(dns, "{ srv: _http._tcp.api.test }");
                    var load = Load.on(proxy.port("main"), 4)) {
                await().atMost(SOON).until(() -> load.answersOf("one") > 20);
                dns.serve(
                        service("_http._tcp.api.test", 1, 0, 0, two.port(), "b.test"),
                        address("b.test", 60, "127.0.0.1"));
                await().atMost(SOON).until(() -> load.answersOf("two") > 20);
                assertThat(load.stop()).isEmpty();
            }
        }
    }

    @Test
    void anAnswerThatComesWhenNobodyWaitsForItAnyMoreIsNobodysLoss() throws Exception {
        String without = """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites: { "*": { respond: 204 } }
                logs: { access: off }
                """;
        try (var group = Group.of(1);
                var dns = NameServer.start()) {
            dns.serve(address("api.test", 60, "127.0.0.1"));
            String with = """
                    listeners: { main: { address: "127.0.0.1:0" } }
                    sites: { "*": api }
                    pools: { api: { servers: { dns: "api.test:%d", refresh: 1s } } }
                    dns: { servers: ["127.0.0.1:%d"], timeout: 10s }
                    logs: { access: off }
                    """.formatted(group.port(), dns.port());
            try (var proxy = Configured.start(folder, with)) {
                assertThat(get(proxy).text()).isEqualTo("127.0.0.1");
                dns.hold();
                int asked = dns.asked().size();
                await().atMost(SOON).until(() -> dns.asked().size() > asked);

                // Who asked is interrupted, and the answer comes after that; a buffer that is lost fails the class.
                proxy.change(without + "dns: { servers: [\"127.0.0.1:" + dns.port() + "\"], timeout: 10s }\n");
                await().atMost(SOON).until(() -> proxy.foregate().discoveries().isEmpty());
                dns.answer();

                proxy.change(with);
                await().atMost(SOON).until(() -> get(proxy).text().equals("127.0.0.1"));
            }
        }
    }

    @Test
    void recordsOfAServiceHavePortsWeightsAndNamesOfTheirOwn() throws Exception {
        try (var one = Origin.saying("one");
                var two = Origin.saying("two");
                var dns = NameServer.start()) {
            dns.serve(
                    service("_http._tcp.api.test", 60, 0, 10, one.address().getPort(), "a.test"),
                    service("_http._tcp.api.test", 60, 0, 30, two.address().getPort(), "b.test"),
                    address("a.test", 60, "127.0.0.1"),
                    address("b.test", 60, "127.0.0.1"));
            try (var proxy = proxy(dns, "{ srv: _http._tcp.api.test }")) {
                for (int i = 0; i < 40; i++) {
                    assertThat(get(proxy).status()).isEqualTo(200);
                }
                assertThat(one.requests()).isBetween(8, 12);
                assertThat(two.requests()).isBetween(28, 32);
            }
        }
    }

    @Test
    void aliasesAndAnswersThatAreTooLongForADatagramAreFollowed() throws Exception {
        try (var group = Group.of(1);
                var dns = NameServer.start()) {
            dns.mood(NameServer.Mood.TRUNCATES);
            dns.serve(
                    alias("api.test", 60, "app.cdn.test"),
                    alias("app.cdn.test", 60, "edge.test"),
                    address("edge.test", 60, "127.0.0.1"));
            try (var proxy = proxy(dns, "{ dns: \"api.test:" + group.port() + "\" }")) {
                assertThat(get(proxy).text()).isEqualTo("127.0.0.1");
            }
        }
    }

    @Test
    void aServerWithANameIsOneServerWithAllItsAddresses() throws Exception {
        try (var group = Group.of(2);
                var dns = NameServer.start()) {
            // Nobody is at the first: the second is tried on the way to the same server.
            dns.serve(address("api.test", 0, "127.0.0.9"), address("api.test", 0, "127.0.0.1"));
            try (var proxy = proxy(dns, "[\"api.test:" + group.port() + "\"]")) {
                assertThat(proxy.foregate().discoveries()).isEmpty();
                assertThat(answering(proxy)).containsExactly("127.0.0.1");

                dns.serve(address("api.test", 0, "127.0.0.2"));
                await().atMost(SOON).until(() -> get(proxy).text().equals("127.0.0.2"));
            }
        }
    }

    @Test
    void refreshOverridesTheTtl() throws Exception {
        try (var group = Group.of(2);
                var dns = NameServer.start()) {
            dns.serve(address("api.test", 3600, "127.0.0.1"));
            try (var proxy = proxy(dns, "{ dns: \"api.test:" + group.port() + "\", refresh: 1s }")) {
                assertThat(get(proxy).text()).isEqualTo("127.0.0.1");
                dns.serve(address("api.test", 3600, "127.0.0.2"));
                await().atMost(SOON).until(() -> get(proxy).text().equals("127.0.0.2"));
            }
        }
    }

    @Test
    void whatEachServerIsToldIsTheNameOfTheService() throws Exception {
        AtomicBoolean named = new AtomicBoolean();
        try (var origin = Origin.start(connection -> {
                    Message request = connection.request();
                    named.set(request != null
                            && "api.test:%d"
                                    .formatted(connection.socket().getLocalPort())
                                    .equals(request.field("Host")));
                    connection.send(Origin.ok("ok"));
                });
                var dns = NameServer.start()) {
            dns.serve(address("api.test", 60, "127.0.0.1"));
            try (var proxy = proxy(dns, "{ dns: \"api.test:" + origin.address().getPort() + "\" }, host: upstream")) {
                assertThat(get(proxy).status()).isEqualTo(200);
                assertThat(named).isTrue();
            }
        }
    }
}
