package io.foregate.control.explain;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.RequestHead;

/** The exchange that filters see when a request is only asked about. */
public final class ExplainedExchange implements FilterContext {
    private final RequestHead request;
    private final byte[] client;
    private final byte[] id;

    public ExplainedExchange(RequestHead request, byte[] client, byte[] id) {
        this.request = request;
        this.client = client;
        this.id = id;
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public byte[] clientAddress() {
        return client;
    }

    @Override
    public byte[] requestId() {
        return id;
    }

    @Override
    public int requestIdLength() {
        return id.length;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void resume(Verdict verdict) {
        throw new IllegalStateException("a request that is only asked about can't wait");
    }
}
