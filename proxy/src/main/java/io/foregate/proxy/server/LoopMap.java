package io.foregate.proxy.server;

import io.foregate.proxy.codec.h2.Http2StreamPool;
import io.foregate.proxy.exchange.ExchangePool;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which worker belongs to a loop. Immutable. */
final class LoopMap {
    /** A worker, and the exchanges and streams that its loop reuses. */
    record Entry(Worker worker, ExchangePool exchanges, Http2StreamPool streams) {}

    private final Map<EventLoop, Entry> entries = new IdentityHashMap<>();

    LoopMap(List<Worker> workers) {
        for (Worker worker : workers) {
            entries.put(worker.loop().eventLoop(), new Entry(worker, new ExchangePool(worker), new Http2StreamPool()));
        }
    }

    Entry of(EventLoop loop) {
        return Objects.requireNonNull(entries.get(loop), "a channel on a loop that isn't ours");
    }
}
