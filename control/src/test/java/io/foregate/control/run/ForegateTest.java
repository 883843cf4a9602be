package io.foregate.control.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.proxy.server.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a configuration to answers over real sockets, and to the end. */
final class ForegateTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch slowAsked = new CountDownLatch(1);
    private final CountDownLatch slowMayAnswer = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer origin;

    @TempDir
    Path folder;

    ForegateTest() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.setExecutor(threads);
        origin.createContext("/", exchange -> {
            try (exchange) {
                if (exchange.getRequestURI().getPath().equals("/slow")) {
                    slowAsked.countDown();
                    slowMayAnswer.await();
                }
                byte[] body = (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " host "
                                + exchange.getRequestHeaders().getFirst("Host"))
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        origin.start();
    }

    @AfterEach
    void stopOrigin() {
        slowMayAnswer.countDown();
        origin.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void aRequestGetsThroughAndIsLogged(Transport transport) throws Exception {
        Loaded.Ok loaded = load("""
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { /api/*: { to: web, strip-prefix: /api } } } }
                pools: { web: { servers: ["localhost:%d"], host: upstream } }
                logs: { access: { to: access.log } }
                """.formatted(originPort()));
        Foregate foregate = Foregate.start(loaded, new Foregate.Settings(2, transport, folder));
        try {
            HttpResponse<String> answer = get(foregate, "/api/x?y=1");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("GET /x?y=1 host localhost:" + originPort());
            assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        } finally {
            assertThat(foregate.stop()).isTrue();
        }
        assertThat(Files.readString(folder.resolve("access.log")))
                .contains("/api/x?y=1")
                .endsWith("\n");
    }

    @Test
    void anOriginThatDoesNotResolveIsNoReasonNotToStart() throws Exception {
        Foregate foregate = start("""
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { /*: web, /gone: gone } } }
                pools: { web: ["127.0.0.1:%d"], gone: ["no-such-host.invalid:80"] }
                logs: { access: off }
                """.formatted(originPort()));
        try {
            assertThat(get(foregate, "/").statusCode()).isEqualTo(200);
            assertThat(get(foregate, "/gone").statusCode()).isEqualTo(503);
        } finally {
            foregate.stop();
        }
    }

    @Test
    void stoppingLetsAnAnswerFinishAndRefusesNewConnections() throws Exception {
        Foregate foregate = start(config("shutdown: 20s\n"));
        InetSocketAddress address = foregate.listeners().getFirst().address();
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(HttpRequest.newBuilder(uri(foregate, "/slow")).build(), BodyHandlers.ofString());
        assertThat(slowAsked.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> stop(foregate));
        awaitFree(address);
        assertThat(stopped).isNotDone();

        slowMayAnswer.countDown();

        assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsStillBusyAfterTheGraceIsClosed() throws Exception {
        Foregate foregate = start(config("shutdown: 50ms\n"));
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(HttpRequest.newBuilder(uri(foregate, "/slow")).build(), BodyHandlers.ofString());
        assertThat(slowAsked.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(foregate.stop()).isFalse();
        assertThat(slow).failsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void aTakenPortIsSaidWithItsPlaceEvenIfItIsAnotherForegatesOwn() throws Exception {
        Foregate foregate = start(config(""));
        try {
            int port = foregate.listeners().getFirst().address().getPort();
            Loaded.Ok second = load(config("").replace(":0\"", ":" + port + "\""));
            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> Foregate.start(second, Foregate.Settings.of(folder)))
                    .withMessageContaining("test.yaml:1:")
                    .withMessageContaining("port " + port + " is taken by another process");
        } finally {
            foregate.stop();
        }
    }

    @Test
    void anAddressOfAnotherMachineIsSaid() {
        Loaded.Ok loaded = load(config("").replace("127.0.0.1:0", "192.0.2.1:0"));
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Foregate.start(loaded, Foregate.Settings.of(folder)))
                .withMessageContaining("no interface of this machine has that address");
    }

    @Test
    void aLogThatCanNotBeWrittenIsSaidBeforeAnythingListens() {
        Loaded.Ok loaded = load(config("").replace("access: off", "access: { to: nowhere/access.log }"));
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Foregate.start(loaded, Foregate.Settings.of(folder)))
                .withMessageContaining("the folder of " + folder.resolve("nowhere/access.log"));
    }

    @Test
    void severalListenersServeWhatIsTheirs() throws Exception {
        Foregate foregate = start("""
                listeners: { one: "127.0.0.1:0", two: "127.0.0.1:0" }
                sites: { "*": { listeners: [two], routes: { /*: { respond: 204 } } } }
                logs: { access: off }
                """);
        try {
            assertThat(foregate.listeners()).extracting("name").containsExactly("one", "two");
            assertThat(get(foregate.listeners().get(0).address(), "/").statusCode())
                    .isEqualTo(404);
            assertThat(get(foregate.listeners().get(1).address(), "/").statusCode())
                    .isEqualTo(204);
        } finally {
            foregate.stop();
        }
    }

    private Foregate start(String yaml) throws StartFailure, InterruptedException {
        return Foregate.start(load(yaml), Foregate.Settings.of(folder));
    }

    private String config(String more) {
        return """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": web }
                pools: { web: ["127.0.0.1:%d"] }
                logs: { access: off }
                """.formatted(originPort()) + more;
    }

    private static Loaded.Ok load(String yaml) {
        Loaded loaded = ConfigLoader.load("test.yaml", yaml);
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        return (Loaded.Ok) loaded;
    }

    private int originPort() {
        return origin.getAddress().getPort();
    }

    private static boolean stop(Foregate foregate) {
        try {
            return foregate.stop();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitFree(InetSocketAddress address) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(address);
                return;
            } catch (IOException e) {
                assertThat(System.nanoTime() - deadline).as("still listening").isNegative();
                Thread.sleep(5);
            }
        }
    }

    private HttpResponse<String> get(Foregate foregate, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(foregate, path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(InetSocketAddress address, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static URI uri(Foregate foregate, String path) {
        List<InetSocketAddress> addresses = foregate.listeners().stream()
                .map(io.foregate.proxy.server.Listener::address)
                .toList();
        return URI.create("http://127.0.0.1:" + addresses.getFirst().getPort() + path);
    }
}
