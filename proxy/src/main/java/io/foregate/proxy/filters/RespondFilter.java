package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.RequestHead;

/** Answers every request with a fixed answer, as for a site under maintenance. Immutable, shared by all loops. */
public final class RespondFilter implements Filter {
    private final Verdict.Respond answer;

    /** Throws IllegalArgumentException when the status is outside 200–599. */
    public RespondFilter(Verdict.Respond answer) {
        if (answer.status() < 200 || answer.status() > 599) {
            throw new IllegalArgumentException("status " + answer.status() + " is outside 200–599");
        }
        this.answer = answer;
    }

    @Override
    public Verdict onRequest(RequestHead head, FilterContext context) {
        return answer;
    }
}
