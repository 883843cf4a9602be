package io.foregate.tests.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What somebody, or an extension, does to the servers of a pool while it serves. */
@ExtendWith(NoLeaks.class)
final class RunTimeTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Configured proxy(String servers) throws Exception {
        return Configured.start(folder, """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites: { "*": api }
                pools: { api: { servers: %s } }
                logs: { access: off }
                """.formatted(servers));
    }

    @Test
    void anExtensionFindsServersAndTakesThemAway() throws Exception {
        try (var one = Origin.saying("one");
                var two = Origin.saying("two");
                var proxy = proxy("{ discovery: hand-made, options: { group: first } }")) {
            DiscoveredServer first =
                    DiscoveredServer.at("127.0.0.1", one.address().getPort());
            DiscoveredServer second =
                    DiscoveredServer.at("localhost", two.address().getPort());
            HandMadeDiscovery.found("first", first);
            try (var load = Load.on(proxy.port("main"), 3)) {
                await().atMost(SOON).until(() -> load.answersOf("one") > 10);
                HandMadeDiscovery.found("first", first, second.withWeight(2));
                await().atMost(SOON).until(() -> load.answersOf("two") > 10);
                HandMadeDiscovery.found("first", second);
                int all = load.count();
                await().atMost(SOON).until(() -> load.count() > all + 50 && one.open() == 0);
                assertThat(load.stop()).isEmpty();
            }
        }
        assertThat(HandMadeDiscovery.LISTENERS).as("searches that go on").isEmpty();
    }

    @Test
    void oneThatComesBackIsTheOneThatWent() throws Exception {
        try (var one = Origin.saying("one");
                var proxy = proxy("{ discovery: hand-made, options: { group: back } }")) {
            DiscoveredServer server =
                    DiscoveredServer.at("127.0.0.1", one.address().getPort());
            HandMadeDiscovery.found("back", server);
            Endpoint before = proxy.endpoint("api", server.port());
            before.weight(7);
            HandMadeDiscovery.found("back");
            HandMadeDiscovery.found("back", server);

            assertThat(proxy.endpoint("api", server.port())).isSameAs(before);
            assertThat(before.weightOr(1)).isEqualTo(7);
        }
    }

    @Test
    void aReloadKeepsTheServersThatAreKnownAndWhatIsWantedOfThem() throws Exception {
        try (var one = Origin.saying("one");
                var two = Origin.saying("two");
                var proxy = proxy("{ discovery: hand-made, options: { group: reloaded } }")) {
            DiscoveredServer first = DiscoveredServer.at("127.0.0.1", one.port());
            DiscoveredServer second = DiscoveredServer.at("127.0.0.1", two.port());
            HandMadeDiscovery.found("reloaded", first, second);
            proxy.endpoint("api", two.port()).maintenance("new disk");
            try (var load = Load.on(proxy.port("main"), 3)) {
                await().atMost(SOON).until(() -> load.answersOf("one") > 10);
                int before = two.requests();
                for (int i = 1; i <= 5; i++) {
                    proxy.change("""
                            listeners: { main: { address: "127.0.0.1:0" } }
                            sites: { "*": { routes: { /*: api, /%d: { respond: 204 } } } }
                            pools:
                              api:
                                servers: { discovery: hand-made, options: { group: reloaded } }
                                connections: { idle: %d }
                            logs: { access: off }
                            """.formatted(i, 100 + i));
                    int all = load.count();
                    await().atMost(SOON).until(() -> load.count() > all + 20);
                }
                assertThat(two.requests()).as("of a server in maintenance").isEqualTo(before);
                assertThat(load.stop()).isEmpty();
                HandMadeDiscovery.found("reloaded", second);
                assertThat(proxy.endpoint("api", two.port()).status().reason()).isEqualTo("new disk");
            }
        }
    }

    @Test
    void aMistakeInItsOptionsIsOneOfTheConfiguration() throws Exception {
        assertThat(complaint("{ discovery: hand-made }")).contains("hand-made needs the option group");
        assertThat(complaint("{ discovery: nobody }"))
                .contains("there is no discovery")
                .contains("hand-made");
    }

    // What a process that is started so says of its pool, for which there is nothing to go on with.
    private String complaint(String servers) throws Exception {
        try (var proxy = proxy(servers)) {
            return proxy.foregate().quarantined().toString();
        }
    }

    @Test
    void checkNamesTheMistakesOfDiscovery() {
        Loaded loaded = ConfigLoader.load("foregate.yaml", """
                sites: { "*": api }
                pools:
                  api:
                    servers:
                      - { weight: 2 }
                      - { dns: a.test:80, srv: _x._tcp.a.test }
                      - { dns: "10.0.0.1:80" }
                      - { file: servers.yaml, refresh: 3s }
                      - { srv: "a.test:80" }
                """);
        assertThat(loaded)
                .isInstanceOfSatisfying(
                        Loaded.Invalid.class,
                        invalid -> assertThat(invalid.problems().toString())
                                .contains("says nowhere to find a server")
                                .contains("has dns and srv")
                                .contains("is an address, not a name")
                                .contains("nothing is looked up here")
                                .contains("a service has no port here"));
    }

    @Test
    void aDrainingServerGetsNothingNewAndFinishesWhatItHas() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (var slow = Origin.start(connection -> {
                    connection.request();
                    arrived.countDown();
                    go.await();
                    connection.send(Origin.ok("slow"));
                    connection.request();
                });
                var proxy = proxy("[\"127.0.0.1:%d\"]".formatted(slow.address().getPort()));
                var client = Wire.to(proxy.port("main"))) {
            Endpoint endpoint = proxy.endpoint("api", slow.address().getPort());
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            arrived.await();

            endpoint.drain(false);
            assertThat(endpoint.status().state()).isEqualTo(EndpointState.DRAINING);
            try (var other = Wire.to(proxy.port("main"))) {
                await().atMost(SOON).until(() -> other.get("/").status() == 503);
            }
            go.countDown();
            assertThat(client.response().text()).isEqualTo("slow");
            await("its connection closes").atMost(SOON).until(() -> slow.open() == 0);
            assertThat(slow.requests()).isEqualTo(1);
        }
    }

    @Test
    void drainingClosesIdleConnectionsAndServiceGoesOnElsewhere() throws Exception {
        try (var one = Origin.saying("one");
                var two = Origin.saying("two");
                var proxy = proxy("[\"127.0.0.1:%d\", \"127.0.0.1:%d\"]"
                        .formatted(one.address().getPort(), two.address().getPort()));
                var load = Load.on(proxy.port("main"), 3)) {
            await().atMost(SOON).until(() -> load.answersOf("one") > 10 && load.answersOf("two") > 10);
            Endpoint first = proxy.endpoint("api", one.address().getPort());

            first.maintenance("new disk");
            await().atMost(SOON).until(() -> one.open() == 0);
            int requests = one.requests();
            int all = load.count();
            await().atMost(SOON).until(() -> load.count() > all + 100);
            assertThat(one.requests()).isEqualTo(requests);

            first.backInService();
            await().atMost(SOON).until(() -> one.requests() > requests + 10);
            assertThat(load.stop()).isEmpty();
        }
    }
}
