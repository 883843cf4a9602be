package io.foregate.tests.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.plan.Change;
import io.foregate.control.reload.Result;
import io.foregate.tests.http2.Http2Wire;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that come, go, move and change while others serve. */
@ExtendWith(NoLeaks.class)
final class ListenersTest {
    @TempDir
    Path folder;

    private static String says(String listeners, String text) {
        return "listeners: { " + listeners + " }\nlogs: { access: off }\nshutdown: 1ms\n"
                + "sites: { \"*\": { https-redirect: off, routes: { /*: { respond: { body: \"" + text
                + "\" } } } } }\n";
    }

    private static String at(String name, int port) {
        return name + ": \"127.0.0.1:" + port + "\"";
    }

    @Test
    void aNewListenerAnswersAndTheOthersGoOn() throws Exception {
        try (Configured proxy = Configured.start(folder, says(at("a", 0), "one"));
                Wire before = proxy.client("a")) {
            assertThat(before.get("/").text()).isEqualTo("one");

            proxy.change(says(at("a", 0) + ", " + at("b", 0), "two"));

            assertThat(proxy.get("b", "/").text()).isEqualTo("two");
            assertThat(before.get("/").text()).isEqualTo("two");
        }
    }

    @Test
    void aRemovedListenerTakesNoConnectionsAndEndsThoseThatItHas() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (Origin slow = Origin.start(connection -> {
                    connection.request();
                    asked.countDown();
                    answer.await();
                    connection.send(Origin.ok("late"));
                });
                Configured proxy = Configured.start(
                        folder,
                        says(at("a", 0) + ", " + at("b", 0), "one").replace("/*:", "/slow: web, /*:")
                                + "pools: { web: [\"127.0.0.1:" + slow.port() + "\"] }\n")) {
            int gone = proxy.port("b");
            try (Wire idle = Wire.to(gone);
                    Wire busy = Wire.to(gone);
                    Http2Wire multiplexed = Http2Wire.to(gone);
                    Wire other = proxy.client("a")) {
                assertThat(idle.get("/").text()).isEqualTo("one");
                assertThat(other.get("/").text()).isEqualTo("one");
                multiplexed.get(1, "/");
                assertThat(multiplexed.answer(1).body()).isEqualTo("one");
                busy.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

                proxy.change(says(at("a", 0), "two"));

                assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> Wire.to(gone));
                assertThat(idle.ends()).isTrue();
                // Requests that cross the goodbye are answered, as the listener did.
                multiplexed.awaitGoodbye();
                multiplexed.get(3, "/");
                assertThat(multiplexed.answer(3).body()).isEqualTo("one");
                assertThat(multiplexed.ends()).isTrue();
                answer.countDown();
                assertThat(busy.response().text()).isEqualTo("late");
                assertThat(busy.ends()).isTrue();
                assertThat(other.get("/").text()).isEqualTo("two");
                await().until(() -> proxy.foregate().snapshots() == 1);
            }
        }
    }

    @Test
    void anAddressChangesWhileTheListenersConnectionsGoOn() throws Exception {
        int moved = Ports.free();
        try (Configured proxy = Configured.start(folder, says(at("a", 0) + ", " + at("b", 0), "one"));
                Wire client = proxy.client("a")) {
            int before = proxy.port("a");
            assertThat(client.get("/").text()).isEqualTo("one");

            proxy.change(says(at("a", moved) + ", " + at("b", 0), "two"));

            assertThat(proxy.port("a")).isEqualTo(moved);
            assertThat(proxy.get("a", "/").text()).isEqualTo("two");
            assertThat(client.get("/").text()).isEqualTo("two");
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> Wire.to(before));
        }
    }

    @Test
    void allAddressesOfTheMachineBecomeOneAndBack() throws Exception {
        int port = Ports.free();
        try (Configured proxy = Configured.start(folder, says("a: \":" + port + "\"", "one"));
                Wire client = Wire.to(port)) {
            assertThat(client.get("/").text()).isEqualTo("one");

            proxy.change(says(at("a", port), "two"));
            assertThat(proxy.get("a", "/").text()).isEqualTo("two");
            assertThat(client.get("/").text()).isEqualTo("two");

            proxy.change(says("a: \":" + port + "\"", "three"));
            assertThat(proxy.get("a", "/").text()).isEqualTo("three");
            assertThat(client.get("/").text()).isEqualTo("three");
        }
    }

    @Test
    void listenersSwapTheirAddresses() throws Exception {
        int one = Ports.free();
        int two = Ports.free();
        String sites = """
                logs: { access: off }
                shutdown: 1ms
                sites:
                  "*": { listeners: [a], routes: { /*: { respond: { body: "a" } } } }
                  "x": { listeners: [b], routes: { /*: { respond: { body: "b" } } } }
                """;
        String first = "listeners: { " + at("a", one) + ", " + at("b", two) + " }\n" + sites;
        String second = "listeners: { " + at("a", two) + ", " + at("b", one) + " }\n" + sites;
        try (Configured proxy = Configured.start(folder, first);
                Wire old = Wire.to(one)) {
            assertThat(old.get("/").text()).isEqualTo("a");

            proxy.change(second);

            assertThat(old.get("/").text())
                    .as("a connection stays with its listener")
                    .isEqualTo("a");
            try (Wire fresh = Wire.to(two)) {
                assertThat(fresh.get("/").text()).isEqualTo("a");
            }
            try (Wire fresh = Wire.to(one)) {
                fresh.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(fresh.response().text()).isEqualTo("b");
            }
        }
    }

    @Test
    void aListenerThatIsOnlyCalledSomethingElseKeepsItsConnections() throws Exception {
        try (Configured proxy = Configured.start(folder, says(at("a", 0), "one"));
                Wire client = proxy.client("a")) {
            int port = proxy.port("a");
            assertThat(client.get("/").text()).isEqualTo("one");

            proxy.change(says(at("front", 0), "two"));

            assertThat(proxy.port("front")).isEqualTo(port);
            assertThat(client.get("/").text()).isEqualTo("two");
            assertThat(proxy.get("front", "/").text()).isEqualTo("two");
        }
    }

    @Test
    void anAddressThatIsTakenLeavesEverythingAsItWas() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Configured proxy = Configured.start(folder, says(at("a", 0), "one"));
                Wire client = proxy.client("a")) {
            assertThat(client.get("/").text()).isEqualTo("one");

            Result result =
                    proxy.reload(says(at("a", 0) + ", " + at("c", 0) + ", " + at("b", taken.getLocalPort()), "two"));

            assertThat(result).isInstanceOf(Result.Refused.class);
            assertThat(((Result.Refused) result).problems())
                    .extracting(Problem::toString)
                    .singleElement()
                    .asString()
                    .contains("foregate.yaml:1:")
                    .contains("listener b can't listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("taken by another process");
            assertThat(client.get("/").text()).isEqualTo("one");
            assertThat(proxy.foregate().listeners()).hasSize(1);
            assertThat(proxy.foregate().snapshots()).isEqualTo(1);

            assertThat(proxy.change(says(at("a", 0) + ", " + at("b", 0), "three"))
                            .changes())
                    .extracting(Change::name)
                    .containsExactlyInAnyOrder("* /*", "b");
            assertThat(proxy.get("b", "/").text()).isEqualTo("three");
        }
    }

    @Test
    void settingsOfAListenerHoldForConnectionsThatComeAfterwards() throws Exception {
        String small = "a: { address: \"127.0.0.1:0\", limits: { target: 100B } }";
        String long200 = "/" + "x".repeat(200);
        try (Configured proxy = Configured.start(folder, says(at("a", 0), "one"));
                Wire before = proxy.client("a")) {
            int port = proxy.port("a");
            assertThat(before.get(long200).status()).isEqualTo(200);

            proxy.change(says(small, "two"));

            assertThat(proxy.port("a")).isEqualTo(port);
            assertThat(proxy.get("a", long200).status()).isEqualTo(414);
            assertThat(before.get(long200).status()).isEqualTo(200);
        }
    }

    @Test
    void aLowerLimitOfConnectionsCountsThoseThatAreThere() throws Exception {
        String two = "a: { address: \"127.0.0.1:0\", limits: { connections: 2 } }";
        try (Configured proxy = Configured.start(folder, says(at("a", 0), "one"));
                Wire first = proxy.client("a");
                Wire second = proxy.client("a")) {
            assertThat(first.get("/").text()).isEqualTo("one");
            assertThat(second.get("/").text()).isEqualTo("one");

            proxy.change(says(two, "two"));

            try (Wire third = proxy.client("a")) {
                assertThat(third.ends()).isTrue();
            }
            assertThat(first.get("/").text()).isEqualTo("two");
            second.close();
            await().until(() -> {
                try (Wire another = proxy.client("a")) {
                    another.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                    return another.head() != null;
                } catch (IOException refused) {
                    return false;
                }
            });
        }
    }
}
