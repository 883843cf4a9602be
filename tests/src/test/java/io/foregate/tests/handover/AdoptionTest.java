package io.foregate.tests.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.os.InheritedSockets;
import io.foregate.control.os.UnixWire;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.Inheritance;
import io.foregate.control.run.Passed;
import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets that pass from one data plane to another, within one process, so that who waits in them is known. */
final class AdoptionTest {
    private static final int WAITING = 40;
    private static final int OLD_LOOPS = 2;

    @TempDir
    private Path folder;

    private Foregate start(int loops, Inheritance inheritance) throws Exception {
        String yaml = "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\n"
                + "sites: { \"*\": { routes: { /*: { respond: { body: hello } } } } }\n";
        Loaded loaded = new Source("foregate.yaml", yaml.getBytes(StandardCharsets.UTF_8)).load();
        return Foregate.start((Loaded.Ok) loaded, new Foregate.Settings(loops, Transport.EPOLL, folder), inheritance);
    }

    /** The sockets of a proxy as another process gets them: descriptors of their own for the same sockets. */
    private Inheritance pass(Foregate old) throws Exception {
        InheritedSockets sockets = InheritedSockets.none();
        try (UnixWire.Door door = UnixWire.Door.at(folder.resolve("door"));
                UnixWire to = UnixWire.to(folder.resolve("door"));
                UnixWire from = door.accept()) {
            for (Passed passed : old.departure().estate().listeners()) {
                to.pass(passed.descriptors());
                for (int descriptor : from.take(passed.descriptors().size())) {
                    assertThat(passed.descriptors()).doesNotContain(descriptor);
                    sockets.add(descriptor, passed.label());
                }
            }
        }
        return Inheritance.of(sockets);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whoWaitsToBeAcceptedIsAnsweredByTheNextProcessWhateverItsLoops(int loops) throws Exception {
        Foregate old = start(OLD_LOOPS, Inheritance.NOTHING);
        int port = old.listeners().getFirst().address().getPort();
        List<Wire> clients = new ArrayList<>();
        Wire kept = Wire.to(port);
        assertThat(kept.get("/").text()).isEqualTo("hello");
        assertThat(old.departure().hold()).isNull();
        old.departure().pause();
        // A turn of each loop, after which none accepts any more.
        assertThat(old.plane().answers(10_000_000_000L)).isTrue();
        for (int i = 0; i < WAITING; i++) {
            clients.add(Wire.to(port).send("GET /" + i + " HTTP/1.1\r\nHost: test\r\n\r\n"));
        }
        Foregate next = start(loops, pass(old));
        try {
            assertThat(next.listeners().getFirst().address().getPort()).isEqualTo(port);
            Thread leaving = Thread.ofPlatform().start(() -> {
                try {
                    assertThat(old.departure().leave(Timeout.ofSeconds(20))).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            for (Wire client : clients) {
                Message answer = client.response();
                assertThat(answer.text()).isEqualTo("hello");
                assertThat(answer.field("Connection")).isNull();
                client.close();
            }
            // The old one tells a client to come back, by the answer to what it asks.
            Message last = kept.get("/");
            while (last.field("Connection") == null) {
                last = kept.get("/");
            }
            assertThat(last.text()).isEqualTo("hello");
            assertThat(last.field("Connection")).isEqualTo("close");
            assertThat(kept.ends()).isTrue();
            kept.close();
            leaving.join();
            try (Wire late = Wire.to(port)) {
                assertThat(late.get("/").text()).isEqualTo("hello");
            }
        } finally {
            next.stop();
        }
    }
}
