package io.foregate.api.filter;

import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;

/**
 * One step of a route's policy. Built once per snapshot and shared by all event loops, so it holds no state of a request.
 *
 * <p>All methods run on the exchange's event loop and must not block; a filter that has to wait returns {@link
 * Verdict#PAUSE} and later calls {@link FilterContext#resume}. Heads are borrowed until the exchange ends.
 */
public interface Filter {
    /** Looks at, and may change, the request before it is sent on. */
    default Verdict onRequest(RequestHead head, FilterContext context) {
        return Verdict.CONTINUE;
    }

    /** Looks at, and may change, the final response head before it goes downstream; also our own error answers. */
    default void onResponse(ResponseHead head, FilterContext context) {}
}
