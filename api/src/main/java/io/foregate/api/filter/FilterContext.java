package io.foregate.api.filter;

import io.foregate.api.message.RequestHead;

/** The exchange as a filter sees it. Valid on the exchange's event loop until the exchange ends. */
public interface FilterContext {
    /** The request of this exchange. */
    RequestHead request();

    /** The client's address as text (ASCII), after trusted proxies were looked through. Not to be changed. */
    byte[] clientAddress();

    /** The id of this request as ASCII bytes: {@link #requestIdLength()} of them. Not to be changed. */
    byte[] requestId();

    int requestIdLength();

    /**
     * Runs a task on this exchange's event loop, unless the exchange has ended by then. May be called from any thread, by a filter
     * that has paused the exchange.
     */
    void execute(Runnable task);

    /** Ends a pause. On the event loop only, once per pause. */
    void resume(Verdict verdict);
}
