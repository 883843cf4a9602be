package io.foregate.proxy.server;

import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessSink;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.sample.HeadSampler;
import io.foregate.proxy.sample.SampledHeads;
import io.foregate.proxy.worker.MemoryGuard;
import io.foregate.proxy.worker.Runtime;
import io.foregate.proxy.worker.Snapshot;
import io.foregate.proxy.worker.Trial;
import io.foregate.proxy.worker.Worker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loops, their workers and the listeners: everything that moves requests. Built and stopped by the control side, on whose
 * threads these methods run; they may block.
 */
public final class DataPlane {
    private static final int LOW_WATER_BYTES = 32 * 1024;
    private static final int HIGH_WATER_BYTES = 128 * 1024;
    private static final int BACKLOG = 4096;

    private final Transport transport;
    private final ByteBufAllocator buffers;
    private final List<Worker> workers = new ArrayList<>();
    private final EventLoopGroup allLoops;
    private final LoopMap loops;
    private final Runtime runtime;

    /**
     * Starts the loops; nothing is bound yet.
     *
     * @param loopCount how many event loops, usually one for each core
     * @param first the snapshot to begin with
     * @param access makes the access sink of a loop
     * @param defences is told what clients are kept from doing
     */
    public DataPlane(
            Transport transport,
            int loopCount,
            Snapshot first,
            Function<LoopContext, AccessSink> access,
            Defences defences) {
        this.transport = transport;
        this.buffers = Buffers.allocator(loopCount);
        this.runtime = new Runtime(first);
        this.allLoops = new MultiThreadIoEventLoopGroup(
                loopCount, new DefaultThreadFactory("foregate-loop"), transport.handlers());
        MemoryGuard memory = Buffers.guard(buffers);
        int index = 0;
        for (var executor : allLoops) {
            LoopContext context = LoopContext.of(index++, (EventLoop) executor, transport.sockets(), buffers, defences);
            workers.add(new Worker(context, runtime, access.apply(context), memory));
        }
        this.loops = new LoopMap(workers);
    }

    public Transport transport() {
        return transport;
    }

    public Runtime runtime() {
        return runtime;
    }

    /**
     * Listens on {@code address} and accepts.
     *
     * @throws IOException when it can't be bound; nothing stays bound then
     */
    public Listener bind(String name, InetSocketAddress address, ListenerSettings settings) throws IOException {
        Listener listener = bind(name, address, new Reception(settings));
        listener.accept();
        return listener;
    }

    /**
     * Takes {@code address}. Who connects waits in the kernel until {@link Listener#accept()}, so a listener can be had before
     * the snapshot that knows it is in force.
     *
     * @throws IOException when it can't be bound; nothing stays bound then
     */
    public Listener bind(String name, InetSocketAddress address, Reception reception) throws IOException {
        ConnectionInitializer initializer = new ConnectionInitializer(loops, reception);
        List<Channel> sockets = new ArrayList<>();
        InetSocketAddress actual = address;
        int count = transport.reusePort() ? workers.size() : 1;
        for (int i = 0; i < count; i++) {
            EventLoop acceptor = workers.get(i).loop().eventLoop();
            ServerBootstrap bootstrap = accepting(acceptor, transport.reusePort() ? acceptor : allLoops, initializer)
                    .channelFactory(transport.serverSockets());
            if (transport.reusePort()) {
                bootstrap.option(
                        transport == Transport.EPOLL ? EpollChannelOption.SO_REUSEPORT : UnixChannelOption.SO_REUSEPORT,
                        true);
            }
            var bound = bootstrap.bind(actual).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                for (Channel socket : sockets) {
                    socket.close().awaitUninterruptibly();
                }
                throw new IOException(
                        "can't listen on " + describe(address) + ": "
                                + bound.cause().getMessage(),
                        bound.cause());
            }
            sockets.add(bound.channel());
            actual = (InetSocketAddress) bound.channel().localAddress();
        }
        return new Listener(name, actual, sockets, initializer);
    }

    private ServerBootstrap accepting(EventLoop acceptor, EventLoopGroup children, ConnectionInitializer initializer) {
        return new ServerBootstrap()
                .group(acceptor, children)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOCATOR, buffers)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                .childHandler(initializer);
    }

    /**
     * Takes sockets that listen already, from another process; they are this one's from now on, whatever comes of it. With one for
     * each loop or more, the loops accept for themselves; with fewer, those that have one accept for all. None is closed and none is
     * added: a closed one would take the connections that wait in it along.
     *
     * @param descriptors that listen, all on one address, and don't block; at least one
     * @throws IOException when that can't be, as with any transport but epoll
     */
    public Listener adopt(String name, List<Integer> descriptors, Reception reception) throws IOException {
        if (transport != Transport.EPOLL) {
            throw new IOException("the transport " + transport.text()
                    + " can't take sockets that another process has opened; epoll can");
        }
        ConnectionInitializer initializer = new ConnectionInitializer(loops, reception);
        List<Channel> sockets = new ArrayList<>();
        boolean enough = descriptors.size() >= workers.size();
        for (int i = 0; i < descriptors.size(); i++) {
            int descriptor = descriptors.get(i);
            EventLoop acceptor = workers.get(i % workers.size()).loop().eventLoop();
            ServerBootstrap bootstrap = accepting(acceptor, enough ? acceptor : allLoops, initializer)
                    .channelFactory(() -> new EpollServerSocketChannel(descriptor));
            var registered = bootstrap.register().awaitUninterruptibly();
            if (!registered.isSuccess()) {
                sockets.forEach(socket -> socket.close().awaitUninterruptibly());
                throw new IOException("a socket can't be taken over: " + registered.cause(), registered.cause());
            }
            sockets.add(registered.channel());
        }
        return new Listener(name, (InetSocketAddress) sockets.getFirst().localAddress(), sockets, initializer);
    }

    private static String describe(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Whether an address may be taken a second time, before whoever of ours has it lets go. */
    public boolean sharesAddresses() {
        return transport.reusePort();
    }

    /** Puts a snapshot in force and retires the one before, which is returned; its {@code closed()} tells of its end. */
    public Snapshot publish(Snapshot next) {
        Snapshot previous = runtime.publish(next);
        retire(previous);
        return previous;
    }

    /** From now on that snapshot is tried beside the one in force, by as many requests as {@code trial} says. */
    public void begin(Trial trial) {
        runtime.trial(trial);
    }

    /** No request begins with the snapshot of {@code trial} any more; its {@code closed()} tells of its end. */
    public void abandon(Trial trial) {
        runtime.trial(null);
        retire(trial.candidate());
    }

    private void retire(Snapshot snapshot) {
        for (Worker worker : workers) {
            int loop = worker.loop().index();
            worker.loop().eventLoop().execute(() -> snapshot.retire(loop));
        }
    }

    /** From now on exchanges that end are told to these sinks, one for each loop. Waits until every loop has changed over. */
    public void access(Function<LoopContext, AccessSink> sinks) {
        List<Future<?>> changes = new ArrayList<>();
        for (Worker worker : workers) {
            AccessSink next = sinks.apply(worker.loop());
            changes.add(worker.loop().eventLoop().submit(() -> worker.access(next)));
        }
        changes.forEach(Future::syncUninterruptibly);
    }

    /** From now on requests are sampled so; null for not at all, which forgets those that were. */
    public void sampling(HeadSampler.@Nullable Plan plan) {
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(() -> worker.sampler().follow(plan));
        }
    }

    /** A copy of what was sampled, for each loop that samples and isn't stuck. Waits at most a second. */
    public List<SampledHeads> sample() throws InterruptedException {
        List<Future<@Nullable SampledHeads>> copies = new ArrayList<>();
        for (Worker worker : workers) {
            copies.add(worker.loop().eventLoop().submit(() -> worker.sampler().copy()));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        List<SampledHeads> samples = new ArrayList<>();
        for (Future<@Nullable SampledHeads> copy : copies) {
            boolean done = copy.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            SampledHeads heads = done ? copy.getNow() : null;
            if (heads != null) {
                samples.add(heads);
            }
        }
        return samples;
    }

    /** The listener of {@code reception} is gone: its connections end after the answers that they are at. */
    public void leave(Reception reception) {
        reception.leave();
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(() -> worker.drain(reception.slot()));
        }
    }

    /** What each loop says, asked on its own thread; those that don't answer in time are left out. */
    public <T> List<T> ask(Function<Worker, T> question, long patienceNanos) throws InterruptedException {
        List<Future<T>> asked = new ArrayList<>();
        for (Worker worker : workers) {
            // One that ends takes nothing any more.
            if (!worker.loop().eventLoop().isShuttingDown()) {
                asked.add(worker.loop().eventLoop().submit(() -> question.apply(worker)));
            }
        }
        long deadline = System.nanoTime() + patienceNanos;
        List<T> answers = new ArrayList<>();
        for (Future<T> one : asked) {
            if (one.await(Math.max(deadline - System.nanoTime(), 1), TimeUnit.NANOSECONDS) && one.isSuccess()) {
                answers.add(one.getNow());
            }
        }
        return answers;
    }

    /** What is under way at present, for whoever wants to look. */
    public InFlight inFlight() {
        return new InFlight(workers);
    }

    /** How many loops there are. */
    public int loops() {
        return workers.size();
    }

    /** Client connections that are open, as each loop knows it. */
    public int connectionCount() {
        return sum(Worker::connectionCount);
    }

    private int sum(ToIntFunction<Worker> figure) {
        int sum = 0;
        for (Worker worker : workers) {
            sum += worker.loop()
                    .eventLoop()
                    .submit(() -> figure.applyAsInt(worker))
                    .syncUninterruptibly()
                    .getNow();
        }
        return sum;
    }

    /**
     * Somebody else takes the new connections: those that there are end with their next answer, and after {@code idleNanos}, as in
     * {@link #drain}, those that nobody asks anything of. Waits for the end of all, at most {@code graceNanos}.
     */
    public boolean windDown(long idleNanos, long graceNanos) throws InterruptedException {
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(worker::windDown);
        }
        long began = System.nanoTime();
        // Sockets rather than connections: in some the handshake is under way.
        while (sum(Worker::socketCount) > 0 && System.nanoTime() - began < Math.min(idleNanos, graceNanos)) {
            Thread.sleep(20);
        }
        return drain(graceNanos - (System.nanoTime() - began));
    }

    /** Whether all loops get to work within that time. */
    public boolean answers(long patienceNanos) throws InterruptedException {
        CountDownLatch ticks = new CountDownLatch(workers.size());
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(ticks::countDown);
        }
        return ticks.await(patienceNanos, TimeUnit.NANOSECONDS);
    }

    /** Idle connections close, busy ones after their answer. Waits for that, at most {@code graceNanos}. */
    public boolean drain(long graceNanos) throws InterruptedException {
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(worker::drain);
        }
        long deadline = System.nanoTime() + graceNanos;
        while (connectionCount() > 0) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    /**
     * Ends whatever is still on the loops, and then them. In this order: what a closing connection has left to do, such as giving
     * buffers back, may need a turn of its loop.
     */
    public void stop() {
        if (allLoops.isShuttingDown()) {
            return;
        }
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(worker::abort);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (sum(Worker::socketCount) > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        for (Worker worker : workers) {
            worker.loop().eventLoop().execute(worker.loop().splices()::close);
        }
        allLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
