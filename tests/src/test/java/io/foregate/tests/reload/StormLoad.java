package io.foregate.tests.reload;

import io.foregate.tests.http2.Http2Wire;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that go on until they are told to end: kept connections by HTTP/1.1 and HTTP/2, new connections, and WebSockets that each
 * say something now and then. Every answer is looked at.
 */
final class StormLoad implements AutoCloseable {
    private static final int KEPT = 4;
    private static final int MULTIPLEXED = 2;
    private static final int NEWCOMERS = 1;
    private static final int SAMPLES = 1 << 20;

    /** How long answers took, in microseconds. */
    record Latency(long requests, long median, long most99, long most999, long most) {
        @Override
        public String toString() {
            return requests + " requests, median " + median + " µs, 99 % " + most99 + " µs, 99.9 % " + most999
                    + " µs, most " + most + " µs";
        }
    }

    private final int port;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger dropped = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Wire> chats = new ArrayList<>();
    private final int[] micros = new int[SAMPLES];
    private final AtomicInteger measured = new AtomicInteger();
    private volatile boolean over;

    StormLoad(int port, int webSockets) throws IOException {
        this.port = port;
        for (int i = 0; i < webSockets; i++) {
            chats.add(Echo.open(port, "/chat"));
        }
        for (int i = 0; i < KEPT; i++) {
            begin(this::keeps);
        }
        for (int i = 0; i < MULTIPLEXED; i++) {
            begin(this::multiplexes);
        }
        for (int i = 0; i < NEWCOMERS; i++) {
            begin(this::comesAnew);
        }
        begin(this::chats);
    }

    private interface Client {
        void run() throws IOException, InterruptedException;
    }

    private void begin(Client client) {
        threads.add(Thread.ofPlatform().daemon().start(() -> {
            while (!over) {
                try {
                    client.run();
                } catch (IOException | RuntimeException e) {
                    failures.add(e.toString());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }));
    }

    private void keeps() throws IOException, InterruptedException {
        try (Wire client = Wire.to(port)) {
            for (int i = 0; !over; i++) {
                long began = System.nanoTime();
                answered(client.get("/static-" + i % 40 + "/x").text(), began);
                Thread.sleep(2);
            }
        }
    }

    private void multiplexes() throws IOException, InterruptedException {
        try (Http2Wire client = Http2Wire.to(port)) {
            for (int id = 1; !over; id += 2) {
                long began = System.nanoTime();
                client.get(id, "/");
                answered(client.answer(id).body(), began);
                Thread.sleep(2);
            }
        }
    }

    private void comesAnew() throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (Wire client = Wire.to(port)) {
            answered(client.get("/").text(), began);
        }
        Thread.sleep(5);
    }

    private void answered(String text, long beganNanos) {
        int took = (int) Math.min((System.nanoTime() - beganNanos) / 1000, Integer.MAX_VALUE);
        micros[measured.getAndIncrement() & SAMPLES - 1] = took;
        requests.incrementAndGet();
        if (!text.equals("hello")) {
            failures.add("an answer that is none: " + text);
        }
    }

    private void chats() throws InterruptedException {
        for (int i = 0; i < chats.size() && !over; i++) {
            Wire chat = chats.get(i);
            try {
                String said = "message to " + i;
                if (!Echo.said(chat, said).equals(said)) {
                    dropped.incrementAndGet();
                }
            } catch (IOException e) {
                dropped.incrementAndGet();
                failures.add("WebSocket " + i + ": " + e);
            }
            Thread.sleep(5);
        }
    }

    /** Of the answers since this was asked last. */
    Latency latency() {
        int count = Math.min(measured.getAndSet(0), SAMPLES);
        int[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return count == 0
                ? new Latency(0, 0, 0, 0, 0)
                : new Latency(
                        count,
                        sorted[count / 2],
                        sorted[(int) ((count - 1) * 0.99)],
                        sorted[(int) ((count - 1) * 0.999)],
                        sorted[count - 1]);
    }

    long requests() {
        return requests.get();
    }

    int droppedWebSockets() {
        return dropped.get();
    }

    Queue<String> failures() {
        return failures;
    }

    /** Ends all clients, after every WebSocket has said something once more. */
    void end() throws InterruptedException, IOException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        for (Wire chat : chats) {
            if (!Echo.said(chat, "goodbye").equals("goodbye")) {
                dropped.incrementAndGet();
            }
            chat.close();
        }
    }

    @Override
    public String toString() {
        return requests + " requests, " + failures.size() + " failed; " + chats.size() + " WebSockets, " + dropped
                + " dropped";
    }

    @Override
    public void close() throws IOException {
        over = true;
        threads.forEach(Thread::interrupt);
        for (Wire chat : chats) {
            chat.close();
        }
    }
}
