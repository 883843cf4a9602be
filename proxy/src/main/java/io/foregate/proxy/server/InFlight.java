package io.foregate.proxy.server;

import io.foregate.proxy.codec.ConnectionLook;
import io.foregate.proxy.codec.DownstreamConnection;
import io.foregate.proxy.codec.StreamAcceptor;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.exchange.UnderWay;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.RecordFilter;
import io.foregate.proxy.observe.RecordLines;
import io.foregate.proxy.worker.Worker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is under way: exchanges and connections, looked at on their loops, a thousand connections in a turn, so that requests don't
 * wait for it. Only the oldest are told of one by one. Its methods block; any thread but a loop's.
 */
public final class InFlight {
    private static final int CONNECTIONS_PER_TURN = 1_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<Worker> workers;

    InFlight(List<Worker> workers) {
        this.workers = workers;
    }

    /**
     * Some of what there is.
     *
     * @param total how many there are
     * @param oldest the oldest of them, the oldest first
     * @param silent how many loops haven't answered
     */
    public record Page<T>(int total, List<T> oldest, int silent) {}

    /**
     * One exchange.
     *
     * @param line as JSON
     */
    public record OneExchange(long startNanos, byte[] line) {}

    /**
     * One connection.
     *
     * @param httpVersion 11 or 20
     * @param requests that are under way on it
     * @param bytes of their bodies so far: of the requests, of the answers
     */
    public record OneConnection(UnderWay.Connected of, int httpVersion, long ageNanos, int requests, long[] bytes) {}

    /** Exchanges that {@code filter} wants, at most {@code most}. */
    public Page<OneExchange> exchanges(RecordFilter filter, int most) throws InterruptedException {
        return page(
                worker -> new ExchangeWalk(worker, filter, most),
                Comparator.comparingLong(OneExchange::startNanos),
                most);
    }

    /** Connections, at most {@code most}; those that don't speak HTTP yet are not among them. */
    public Page<OneConnection> connections(int most) throws InterruptedException {
        return page(worker -> new ConnectionWalk(worker, most), Comparator.comparingLong(one -> -one.ageNanos), most);
    }

    /** Shows every exchange to a look of its loop's own, and returns the looks of those loops that have answered in time. */
    public <L extends UnderWay.Look> List<L> each(Supplier<L> looks) throws InterruptedException {
        List<L> made = new ArrayList<>();
        List<Walk<Integer>> walks = new ArrayList<>();
        for (Worker worker : workers) {
            L look = looks.get();
            made.add(look);
            walks.add(new LookWalk(worker, look));
        }
        await(walks);
        List<L> done = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            // A loop that is late goes on writing into its own.
            if (walks.get(i).done.isDone()) {
                done.add(made.get(i));
            }
        }
        return done;
    }

    private <T> Page<T> page(Function<Worker, Walk<T>> walks, Comparator<T> order, int most)
            throws InterruptedException {
        List<Walk<T>> all = new ArrayList<>();
        for (Worker worker : workers) {
            all.add(walks.apply(worker));
        }
        int silent = await(all);
        int total = 0;
        List<T> found = new ArrayList<>();
        for (Walk<T> walk : all) {
            if (walk.done.isDone()) {
                total += walk.total;
                found.addAll(walk.oldest);
            }
        }
        found.sort(order);
        return new Page<>(total, List.copyOf(found.subList(0, Math.min(most, found.size()))), silent);
    }

    private static <T> int await(List<Walk<T>> walks) throws InterruptedException {
        for (Walk<T> walk : walks) {
            if (walk.worker.loop().eventLoop().isShuttingDown()) {
                walk.done.complete(true);
            } else {
                walk.worker.loop().eventLoop().execute(walk::begin);
            }
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        int silent = 0;
        for (Walk<T> walk : walks) {
            try {
                walk.done.get(Math.max(deadline - System.nanoTime(), 1), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                silent++;
            } catch (ExecutionException e) {
                throw new IllegalStateException("what is under way can't be looked at", e.getCause());
            }
        }
        return silent;
    }

    /** One way through all connections of a loop. */
    private abstract static class Walk<T> implements ConnectionLook {
        final Worker worker;
        final int most;
        final PriorityQueue<T> oldest;
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        int total;
        private List<DownstreamConnection> connections = List.of();
        private int at;

        Walk(Worker worker, int most, Comparator<T> youngestFirst) {
            this.worker = worker;
            this.most = most;
            this.oldest = new PriorityQueue<>(youngestFirst);
        }

        void begin() {
            connections = worker.connections();
            go();
        }

        private void go() {
            try {
                worker.loop().clock().refresh();
                int end = Math.min(at + CONNECTIONS_PER_TURN, connections.size());
                while (at < end) {
                    DownstreamConnection connection = connections.get(at++);
                    if (worker.has(connection)) {
                        connection.show(this);
                        shown();
                    }
                }
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                return;
            }
            if (at < connections.size()) {
                // Not at once: the loop would go on with this before it reads anything.
                worker.loop().eventLoop().schedule(this::go, 1, TimeUnit.MILLISECONDS);
            } else {
                done.complete(true);
            }
        }

        long nowNanos() {
            return worker.loop().clock().nowNanos();
        }

        void keep(T one) {
            oldest.add(one);
            if (oldest.size() > most) {
                oldest.remove();
            }
        }

        /** The connection has shown all. */
        void shown() {}

        @Override
        public void connection(int httpVersion, StreamAcceptor acceptor) {}

        @Override
        public void request(@Nullable StreamHandler handler) {}
    }

    private static final class ExchangeWalk extends Walk<OneExchange> implements UnderWay.Look {
        private final RecordFilter filter;
        private final RecordLines lines = new RecordLines();

        ExchangeWalk(Worker worker, RecordFilter filter, int most) {
            super(
                    worker,
                    most,
                    Comparator.comparingLong(OneExchange::startNanos).reversed());
            this.filter = filter;
        }

        @Override
        public void request(@Nullable StreamHandler handler) {
            UnderWay.look(handler, nowNanos(), this);
        }

        @Override
        public void at(AccessRecord record) {
            if (!filter.wants(record)) {
                return;
            }
            total++;
            OneExchange youngest = oldest.peek();
            if (oldest.size() < most || youngest != null && record.startNanos - youngest.startNanos < 0) {
                keep(new OneExchange(record.startNanos, lines.line(record)));
            }
        }
    }

    private static final class ConnectionWalk extends Walk<OneConnection> implements UnderWay.Look {
        private UnderWay.@Nullable Connected present;
        private int version;
        private int requests;
        private long[] bytes = new long[2];

        ConnectionWalk(Worker worker, int most) {
            super(worker, most, Comparator.comparingLong(OneConnection::ageNanos));
        }

        @Override
        public void connection(int httpVersion, StreamAcceptor acceptor) {
            present = UnderWay.connected(acceptor);
            version = httpVersion;
            requests = 0;
            bytes = new long[2];
        }

        @Override
        public void request(@Nullable StreamHandler handler) {
            UnderWay.look(handler, nowNanos(), this);
        }

        @Override
        public void at(AccessRecord record) {
            requests++;
            bytes[0] += record.requestBodyBytes;
            bytes[1] += record.responseBodyBytes;
        }

        @Override
        void shown() {
            UnderWay.Connected connected = present;
            present = null;
            total++;
            if (connected != null) {
                keep(new OneConnection(connected, version, nowNanos() - connected.openedNanos(), requests, bytes));
            }
        }
    }

    private static final class LookWalk extends Walk<Integer> {
        private final UnderWay.Look look;

        LookWalk(Worker worker, UnderWay.Look look) {
            super(worker, 0, Comparator.naturalOrder());
            this.look = look;
        }

        @Override
        public void request(@Nullable StreamHandler handler) {
            UnderWay.look(handler, nowNanos(), look);
        }
    }
}
