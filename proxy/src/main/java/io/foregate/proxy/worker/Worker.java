package io.foregate.proxy.worker;

import io.foregate.proxy.codec.DownstreamConnection;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessSink;
import io.foregate.proxy.observe.SideTally;
import io.foregate.proxy.observe.Tally;
import io.foregate.proxy.sample.HeadSampler;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop and all that it owns. Used on its loop only, but for {@link #loop()} and {@link #runtime()}.
 */
public final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final LoopContext loop;
    private final Runtime runtime;
    private AccessSink access;
    private final RequestIds requestIds = new RequestIds();
    private final Shedding shedding;
    private final HeadSampler sampler;
    // With the slot of the listener that each came by.
    private final Map<DownstreamConnection, Integer> connections = new HashMap<>();
    private final Set<Channel> sockets = new HashSet<>();
    private boolean draining;
    private boolean windingDown;

    public Worker(LoopContext loop, Runtime runtime, AccessSink access) {
        this(loop, runtime, access, MemoryGuard.none());
    }

    /** @param memory of the process */
    public Worker(LoopContext loop, Runtime runtime, AccessSink access, MemoryGuard memory) {
        this.loop = loop;
        this.runtime = runtime;
        this.access = access;
        this.shedding =
                new Shedding(loop.index(), runtime, memory, loop.defences().overloads());
        this.sampler = new HeadSampler(loop.index());
        loop.timers().watch(shedding);
    }

    public LoopContext loop() {
        return loop;
    }

    public Runtime runtime() {
        return runtime;
    }

    /** Has an exchange that has ended counted and recorded. A sink that fails must not keep it from ending. */
    public void record(AccessRecord record) {
        Tally ofRoute = record.routeTally;
        if (ofRoute != null) {
            ofRoute.count(loop.index(), record);
        }
        Tally ofPool = record.poolTally;
        if (ofPool != null) {
            ofPool.count(loop.index(), record);
        }
        SideTally ofSide = record.sideTally;
        if (ofSide != null) {
            ofSide.count(loop.index(), record);
        }
        if (record.sample != 0) {
            sampler.ended(record);
        }
        try {
            access.accept(record);
        } catch (RuntimeException e) {
            LOG.error("a request could not be recorded", e);
        }
    }

    /** A few of its requests, for those who want to know what a change would do to them. */
    public HeadSampler sampler() {
        return sampler;
    }

    /** What it refuses when it can't keep up. */
    public Shedding shedding() {
        return shedding;
    }

    /** From now on exchanges that end are told there. */
    public void access(AccessSink next) {
        access = next;
    }

    public RequestIds requestIds() {
        return requestIds;
    }

    /** A client's socket was accepted; what it speaks is still to be seen. */
    public void accepted(Channel socket) {
        sockets.add(socket);
        socket.closeFuture().addListener(closed -> sockets.remove(socket));
    }

    /** How many clients' sockets are open, whether they speak HTTP yet or not. */
    public int socketCount() {
        return sockets.size();
    }

    /** Closes all clients' sockets, whatever they are at. */
    public void abort() {
        for (Channel socket : Set.copyOf(sockets)) {
            socket.close();
        }
    }

    /** A client speaks HTTP, to the listener with that slot. */
    public void opened(DownstreamConnection connection, int slot) {
        connections.put(connection, slot);
        if (draining) {
            connection.drain();
        } else if (windingDown) {
            connection.windDown();
        }
    }

    /** A client's connection is gone. */
    public void closed(DownstreamConnection connection) {
        connections.remove(connection);
    }

    /** Those that speak HTTP at present, in no order. */
    public List<DownstreamConnection> connections() {
        return List.copyOf(connections.keySet());
    }

    /** Whether it is still there. */
    public boolean has(DownstreamConnection connection) {
        return connections.containsKey(connection);
    }

    public int connectionCount() {
        return connections.size();
    }

    /** Idle connections close now, busy ones after the answer that they are at. */
    public void drain() {
        draining = true;
        for (DownstreamConnection connection : Set.copyOf(connections.keySet())) {
            connection.drain();
        }
    }

    /** Connections end with the next answer, those that come too: somebody else takes new ones. */
    public void windDown() {
        windingDown = true;
        for (DownstreamConnection connection : Set.copyOf(connections.keySet())) {
            connection.windDown();
        }
    }

    /** The same as {@link #drain()} for the connections of one listener, by its slot. Others go on. */
    public void drain(int slot) {
        for (Map.Entry<DownstreamConnection, Integer> entry :
                Map.copyOf(connections).entrySet()) {
            if (entry.getValue() == slot) {
                entry.getKey().drain();
            }
        }
    }
}
