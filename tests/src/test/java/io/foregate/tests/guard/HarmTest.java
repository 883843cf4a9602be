package io.foregate.tests.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.control.guard.Cause;
import io.foregate.control.guard.GuardState;
import io.foregate.control.guard.Harm;
import io.foregate.control.reload.Revision;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Changes that do harm are taken back by themselves. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class HarmTest {
    private static final String FAILURE = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path folder;

    @Test
    void aRouteWhoseNewOriginFailsForPartOfTheRequestsIsTakenBack() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        try (Origin well = Origin.saying("well");
                Origin ill = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send(turn.incrementAndGet() % 10 < 3 ? FAILURE : Origin.ok("ill"));
                    }
                });
                Configured proxy = Configured.start(folder, Tries.yaml("web", well, ill));
                Clients clients = Clients.of(proxy.port("main"), "/api/x", "/shop")) {
            await().until(() -> clients.answers() > 100);

            GuardState state = Tries.ended(proxy, Tries.yaml("other", well, ill));

            assertThat(state.phase()).isEqualTo(GuardState.Phase.UNDONE);
            Harm harm = Objects.requireNonNull(state.harm());
            assertThat(harm.cause()).isEqualTo(Cause.ERRORS);
            assertThat(harm.route()).isEqualTo("* /api/*");
            assertThat(harm.text()).contains("mostly with a status of 500 or more");
            assertThat(state.harmed()).isPositive();
            Revision newest = proxy.reloader().revisions().history().getFirst();
            assertThat(newest.outcome()).isEqualTo(Revision.Outcome.UNDONE);
            assertThat(newest.note()).startsWith("* /api/*: ").contains("requests harmed");
            assertThat(proxy.reloader().current().number()).isEqualTo(newest.number() - 1);
            int failed = clients.failures();
            int asked = clients.answers();
            await().until(() -> clients.answers() > asked + 300);
            assertThat(clients.failures()).isEqualTo(failed);
        }
    }

    @Test
    void aRouteThatGetsHalfASecondSlowerIsTakenBack() throws Exception {
        try (Origin quick = Origin.saying("quick");
                Origin slow = Origin.start(connection -> {
                    while (connection.request() != null) {
                        Thread.sleep(500);
                        connection.send(Origin.ok("slow"));
                    }
                });
                Configured proxy = Configured.start(folder, Tries.yaml("web", quick, slow));
                Clients clients = Clients.of(proxy.port("main"), "/api/x", "/shop")) {
            await().until(() -> clients.answers() > 100);

            GuardState state = Tries.ended(proxy, Tries.yaml("other", quick, slow));

            assertThat(state.phase()).isEqualTo(GuardState.Phase.UNDONE);
            Harm harm = Objects.requireNonNull(state.harm());
            assertThat(harm.cause()).isIn(Cause.SLOW_HALF, Cause.SLOW_TENTH, Cause.SLOW_HUNDREDTH);
            assertThat(harm.route()).isEqualTo("* /api/*");
            assertThat(clients.failures()).isZero();
        }
    }
}
