package io.foregate.tests.handover;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Clients that go on until they are told to end: connections by HTTP/1.1 that are kept until an answer says otherwise, new ones, and
 * HTTP/2 over TLS by the JDK's client. Nothing is tried twice: whatever isn't answered has failed.
 */
final class Clients implements AutoCloseable {
    private static final int KEPT = 4;
    private static final int NEWCOMERS = 2;
    private static final int MULTIPLEXED = 3;

    private final int port;
    private final int securePort;
    private final AtomicLong kept = new AtomicLong();
    private final AtomicLong fresh = new AtomicLong();
    private final AtomicLong multiplexed = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final HttpClient http2;
    private volatile boolean over;

    Clients(int port, int securePort) throws GeneralSecurityException {
        this.port = port;
        this.securePort = securePort;
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        this.http2 = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
        for (int i = 0; i < KEPT; i++) {
            begin("kept", this::keeps);
        }
        for (int i = 0; i < NEWCOMERS; i++) {
            begin("new", this::comesAnew);
        }
        for (int i = 0; i < MULTIPLEXED; i++) {
            begin("HTTP/2", this::multiplexes);
        }
    }

    private interface Client {
        void run() throws IOException, InterruptedException;
    }

    private void begin(String name, Client client) {
        threads.add(Thread.ofPlatform().daemon().start(() -> {
            while (!over) {
                try {
                    client.run();
                } catch (IOException | RuntimeException e) {
                    failures.add(name + ": " + e);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }));
    }

    private void keeps() throws IOException, InterruptedException {
        connections.incrementAndGet();
        try (Wire client = Wire.to(port)) {
            boolean goesOn = true;
            while (goesOn && !over) {
                Message answer = client.get("/");
                answered(kept, answer.text());
                goesOn = !"close".equals(answer.field("Connection"));
                Thread.sleep(2);
            }
        }
    }

    private void comesAnew() throws IOException, InterruptedException {
        connections.incrementAndGet();
        try (Wire client = Wire.to(port)) {
            // The longer half of them is idle at first.
            if (fresh.get() % 2 == 0) {
                Thread.sleep(5);
            }
            answered(fresh, client.get("/").text());
        }
    }

    private void multiplexes() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + securePort + "/"))
                .timeout(Duration.ofSeconds(30))
                .build();
        while (!over) {
            HttpResponse<String> answer = http2.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.version() != HttpClient.Version.HTTP_2) {
                failures.add("not HTTP/2");
            }
            answered(multiplexed, answer.body());
            Thread.sleep(2);
        }
    }

    private void answered(AtomicLong count, String text) {
        count.incrementAndGet();
        if (!text.equals("hello")) {
            failures.add("an answer that is none: " + text);
        }
    }

    /** Whatever wasn't answered as it should be. */
    Queue<String> failures() {
        return failures;
    }

    /** How many were answered: on kept connections, on new ones, by HTTP/2. */
    List<Long> answered() {
        return List.of(kept.get(), fresh.get(), multiplexed.get());
    }

    void end() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public String toString() {
        return kept + " requests on kept HTTP/1.1 connections, " + fresh + " on new ones, " + multiplexed
                + " by HTTP/2 over TLS; " + connections + " connections; " + failures.size() + " failed";
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
        http2.shutdownNow();
    }

    /** Certificates aren't what is tested here. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
