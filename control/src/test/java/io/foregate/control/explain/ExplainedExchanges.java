package io.foregate.control.explain;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;

/** Contexts for filters that tests run on their own. */
public final class ExplainedExchanges {
    private ExplainedExchanges() {}

    public static FilterContext of(RequestHead head) {
        return new ExplainedExchange(head, Octets.ascii("192.0.2.7"), Octets.ascii("id-1"));
    }
}
