package io.foregate.tests.guard;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Many clients behind one trusted proxy, who ask for this and that until they are closed. */
final class Clients implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final int ADDRESSES = 200;

    private final int port;
    private final String[] targets;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean closed;

    private Clients(int port, String[] targets) {
        this.port = port;
        this.targets = targets;
    }

    static Clients of(int port, String... targets) {
        Clients clients = new Clients(port, targets);
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.threads.add(Thread.ofVirtual().start(clients::ask));
        }
        return clients;
    }

    private void ask() {
        try (Wire wire = Wire.to(port)) {
            while (!closed) {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                String target = targets[random.nextInt(targets.length)];
                Message answer = get(wire, target, "10.9.0." + random.nextInt(ADDRESSES));
                answers.incrementAndGet();
                if (answer.status() >= 400) {
                    failures.incrementAndGet();
                }
                Thread.sleep(1);
            }
        } catch (IOException | InterruptedException e) {
            if (!closed) {
                failures.addAndGet(1_000_000);
            }
        }
    }

    /** One request of the client with that address. */
    static Message get(Wire wire, String target, String address) throws IOException {
        wire.send("GET " + target + " HTTP/1.1\r\nHost: app.example\r\nX-Forwarded-For: " + address + "\r\n\r\n");
        return wire.response();
    }

    int answers() {
        return answers.get();
    }

    int failures() {
        return failures.get();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
