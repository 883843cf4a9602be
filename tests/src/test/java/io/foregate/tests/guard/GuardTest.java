package io.foregate.tests.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.control.guard.Cause;
import io.foregate.control.guard.Guard;
import io.foregate.control.guard.GuardSettings;
import io.foregate.control.guard.GuardState;
import io.foregate.control.guard.GuardState.Phase;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Revision;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.worker.Trial;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two configurations side by side: who gets which, and what ends that. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class GuardTest {
    private static final Duration SHORT = Duration.ofMillis(900);

    @TempDir
    Path folder;

    private static String says(String text) {
        return Tries.MAIN + "sites: { \"*\": { routes: { /*: { respond: { body: \"" + text + "\" } } } } }\n";
    }

    private static String address(int client) {
        return "10.1." + client / 250 + "." + client % 250;
    }

    @Test
    void aClientStaysOnItsSideAndOnlyComesOverToTheNewOne() throws Exception {
        try (Configured proxy = Configured.start(folder, says("old"));
                Wire wire = proxy.client("main")) {
            Guard guard = Tries.begin(proxy, says("new"), Tries.settings(Duration.ofSeconds(30), 0.2));

            int clients = 400;
            int got = 0;
            for (int client = 0; client < clients; client++) {
                String first = Clients.get(wire, "/", address(client)).text();
                assertThat(Clients.get(wire, "/", address(client)).text()).isEqualTo(first);
                got += first.equals("new") ? 1 : 0;
            }
            assertThat(got).isBetween(40, 130);
            assertThat(guard.finish("test")).isTrue();
            assertThat(Tries.ended(guard).phase()).isEqualTo(Phase.APPLIED);
            assertThat(Clients.get(wire, "/", address(0)).text()).isEqualTo("new");
            assertThat(proxy.reloader().current().note()).isEqualTo("finished early by test");
        }
    }

    @Test
    void aHarmlessChangeGoesThroughStepByStep() throws Exception {
        try (Origin web = Origin.saying("web");
                Origin other = Origin.saying("other");
                Configured proxy = Configured.start(folder, Tries.yaml("web", web, other));
                Clients clients = Clients.of(proxy.port("main"), "/api/x", "/shop")) {
            await().until(() -> clients.answers() > 100);

            GuardState state =
                    Tries.ended(Tries.begin(proxy, Tries.yaml("other", web, other), Tries.settings(SHORT, 0.3)));

            assertThat(state.phase()).as(state.toString()).isEqualTo(Phase.APPLIED);
            assertThat(state.outcome()).startsWith("no harm seen in ");
            assertThat(clients.failures()).isZero();
            assertThat(proxy.get("main", "/api/x").text()).isEqualTo("other");
        }
    }

    @Test
    void withoutRequestsItSaysThatNothingIsKnownAndGoesOnUnlessSomebodyInsists() throws Exception {
        try (Configured proxy = Configured.start(folder, says("old"))) {
            GuardState insisting = Tries.ended(Tries.begin(
                    proxy, says("new"), new GuardSettings(SHORT, 0.5, Trial.Sticky.CLIENT, Set.of(), true)));
            assertThat(insisting.phase()).isEqualTo(Phase.UNDONE);
            assertThat(insisting.outcome()).startsWith("too little evidence: 0 requests");

            GuardState state = Tries.ended(Tries.begin(proxy, says("new"), Tries.settings(SHORT, 0.5)));
            assertThat(state.phase()).isEqualTo(Phase.APPLIED);
            assertThat(state.outcome()).startsWith("too little evidence: 0 requests");
            assertThat(proxy.get("main", "/").text()).isEqualTo("new");
        }
    }

    @Test
    void whileOneIsTriedThereIsNoOtherChange() throws Exception {
        try (Configured proxy = Configured.start(folder, says("old"))) {
            Guard guard = Tries.begin(proxy, says("new"), Tries.LONG);

            Result refused = proxy.reload(says("third"));

            assertThat(refused)
                    .isInstanceOfSatisfying(
                            Result.Refused.class,
                            one -> assertThat(one.problems().getFirst().message())
                                    .startsWith("revision 2 is being tried beside revision 1, for "));
            assertThat(proxy.reloader().revisions().history().getFirst().outcome())
                    .isEqualTo(Revision.Outcome.TRYING);
            assertThat(guard.abort("test")).isTrue();
            assertThat(Tries.ended(guard).outcome()).isEqualTo("aborted by test");
            assertThat(guard.abort("test")).isFalse();
            proxy.change(says("third"));
            assertThat(proxy.get("main", "/").text()).isEqualTo("third");
        }
    }

    @Test
    void newAddressesServeTheNewConfigurationUntilItIsTakenBack() throws Exception {
        int port = Ports.free();
        String more = "listeners:\n  main: { address: \"127.0.0.1:0\", trusted-proxies: [127.0.0.1] }\n"
                + "  second: \"127.0.0.1:" + port + "\"\nlogs: { access: off }\nshutdown: 1ms\n"
                + "sites: { \"*\": { routes: { /*: { respond: { body: new } } } } }\n";
        try (Configured proxy = Configured.start(folder, says("old"))) {
            Guard guard = Tries.begin(proxy, more, Tries.settings(Duration.ofSeconds(30), 0.0001));
            try (Wire wire = Wire.to(port)) {
                assertThat(wire.get("/").text()).isEqualTo("new");
                assertThat(proxy.get("main", "/").text()).isEqualTo("old");

                guard.abort("test");
                Tries.ended(guard);

                assertThat(wire.ends()).isTrue();
            }
            assertThatThrownBy(() -> Wire.to(port).close()).isInstanceOf(IOException.class);
            await().until(() -> proxy.foregate().snapshots() == 1);
            proxy.change(more);
            try (Wire wire = Wire.to(port)) {
                assertThat(wire.get("/").text()).isEqualTo("new");
            }
        }
    }

    @Test
    void clientsOfOneAddressAreToldApartByTheirConnections() throws Exception {
        try (Configured proxy = Configured.start(folder, says("old"))) {
            GuardSettings settings =
                    new GuardSettings(Duration.ofSeconds(30), 0.5, Trial.Sticky.CONNECTION, Set.of(), false);
            Guard guard = Tries.begin(proxy, says("new"), settings);
            Set<String> seen = new HashSet<>();
            for (int connection = 0; connection < 40; connection++) {
                try (Wire wire = proxy.client("main")) {
                    String first = wire.get("/").text();
                    assertThat(wire.get("/").text()).isEqualTo(first);
                    seen.add(first);
                }
            }
            assertThat(seen).containsExactlyInAnyOrder("old", "new");
            guard.abort("test");
            Tries.ended(guard);
        }
    }

    private static String web(Origin origin, String health) {
        return Tries.MAIN + "sites: { \"*\": web }\npools: { web: { servers: [\"127.0.0.1:" + origin.port()
                + "\"], health: { http: " + health + ", interval: 100ms, fall: 1, rise: 1 } } }\n";
    }

    @Test
    void poolsOfOneNameHaveTheirOwnServersOnEachSide() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin other = Origin.saying("new");
                Configured proxy = Configured.start(folder, web(old, "/"));
                Wire wire = proxy.client("main")) {
            await().until(() -> Clients.get(wire, "/", address(0)).text().equals("old"));
            Guard guard = Tries.begin(proxy, web(other, "/"), Tries.settings(Duration.ofSeconds(30), 0.5));
            Set<String> seen = new HashSet<>();
            for (int client = 0; client < 100; client++) {
                seen.add(Clients.get(wire, "/", address(client)).text());
            }
            assertThat(seen).containsExactlyInAnyOrder("old", "new");

            guard.abort("test");
            Tries.ended(guard);

            for (int client = 0; client < 50; client++) {
                assertThat(Clients.get(wire, "/", address(client)).text()).isEqualTo("old");
            }
        }
    }

    @Test
    void aMistakeInTheNewHealthCheckTakesNoServersFromTheOldSide() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        try (Origin origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        boolean wrong = request.target().equals("/wrong");
                        checks.addAndGet(request.target().equals("/right") ? 1 : 0);
                        connection.send(wrong ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" : Origin.ok("well"));
                    }
                });
                Configured proxy = Configured.start(folder, web(origin, "/right"));
                Wire wire = proxy.client("main")) {
            await().until(() -> Clients.get(wire, "/", address(0)).status() == 200);
            Guard guard = Tries.begin(proxy, web(origin, "/wrong"), Tries.settings(Duration.ofSeconds(30), 0.5));
            int before = checks.get();
            await().until(() -> checks.get() > before + 3);

            for (int client = 0; client < 50; client++) {
                assertThat(Clients.get(wire, "/", address(client)).status()).isEqualTo(200);
            }
            assertThat(proxy.foregate().endpoints().all().values())
                    .allMatch(endpoint -> endpoint.status().state() == EndpointState.UP);
            guard.abort("test");
            Tries.ended(guard);
        }
    }

    @Test
    void aRouteThatIsMissingIsHarmUnlessItIsMeantToBe() throws Exception {
        String both = Tries.MAIN + "sites: { \"*\": { routes: { /a: { respond: { status: 204 } },"
                + " /b: { respond: { status: 204 } } } } }\n";
        String one = Tries.MAIN + "sites: { \"*\": { routes: { /a: { respond: { status: 204 } } } } }\n";
        try (Configured proxy = Configured.start(folder, both);
                Clients clients = Clients.of(proxy.port("main"), "/a", "/a", "/b")) {
            GuardState state = Tries.ended(proxy, one);
            assertThat(state.phase()).isEqualTo(Phase.UNDONE);
            assertThat(state.outcome()).startsWith("* /b: 100.0 % of ").contains("were not found (404)");

            GuardState meant = Tries.ended(Tries.begin(
                    proxy, one, new GuardSettings(SHORT, 0.3, Trial.Sticky.CLIENT, Set.of(Cause.NOT_FOUND), false)));
            assertThat(meant.phase()).as(meant.toString()).isEqualTo(Phase.APPLIED);
            assertThat(clients.answers()).isPositive();
        }
    }

    @Test
    void theEndOfTheProcessIsTheEndOfTheTrial() throws Exception {
        Guard guard;
        Configured proxy = Configured.start(folder, says("old"));
        try (proxy) {
            guard = Tries.begin(proxy, says("new"), Tries.settings(SHORT, 0.5));
        }
        assertThat(Tries.ended(guard).phase()).isEqualTo(Phase.UNDONE);
        assertThat(proxy.reloader().revisions().history().getFirst().note())
                .isEqualTo("the process ended while it was tried");
    }
}
