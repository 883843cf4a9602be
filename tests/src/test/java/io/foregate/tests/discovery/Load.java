package io.foregate.tests.discovery;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send one request after the other until they are stopped, and what came of it. */
final class Load implements AutoCloseable {
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopping;

    static Load on(int port, int clients) {
        Load load = new Load();
        for (int i = 0; i < clients; i++) {
            load.clients.add(Thread.ofVirtual().start(() -> load.run(port)));
        }
        return load;
    }

    private void run(int port) {
        try (Wire wire = Wire.to(port)) {
            while (!stopping) {
                Message answer = wire.get("/");
                count.incrementAndGet();
                if (answer.status() == 200) {
                    answers.computeIfAbsent(answer.text(), text -> new AtomicInteger())
                            .incrementAndGet();
                } else {
                    failures.add(answer.start());
                }
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
    }

    int count() {
        return count.get();
    }

    /** How often an origin has answered so far. */
    int answersOf(String text) {
        AtomicInteger of = answers.get(text);
        return of == null ? 0 : of.get();
    }

    /** Ends it; what has failed. */
    List<String> stop() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
