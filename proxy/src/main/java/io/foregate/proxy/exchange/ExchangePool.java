package io.foregate.proxy.exchange;

import io.foregate.proxy.worker.Worker;
import java.util.ArrayDeque;

/** Exchanges of one loop that are free for use. Owned by its loop; bounded. */
public final class ExchangePool {
    private static final int KEEP = 256;

    private final ArrayDeque<Exchange> free = new ArrayDeque<>();
    private final Worker worker;

    public ExchangePool(Worker worker) {
        this.worker = worker;
    }

    Exchange take() {
        Exchange exchange = free.pollLast();
        return exchange != null ? exchange : new Exchange(worker, this);
    }

    void give(Exchange exchange) {
        if (free.size() < KEEP) {
            free.addLast(exchange);
        }
    }
}
