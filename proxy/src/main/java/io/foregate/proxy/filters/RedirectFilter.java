package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.ValueTemplate;
import java.util.List;

/**
 * Redirects every request (RFC 9110 §15.4). Immutable, shared by all loops; a redirect makes a little garbage, as it is an
 * answer of its own.
 */
public final class RedirectFilter implements Filter {
    private final int status;
    private final ValueTemplate location;

    /**
     * @param status 301, 302, 303, 307 or 308
     * @param location from {@link ValueTemplate#parseLocation}
     * @throws IllegalArgumentException when the status is another one
     */
    public RedirectFilter(int status, ValueTemplate location) {
        boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (!redirects) {
            throw new IllegalArgumentException("status " + status + " doesn't redirect; use 301, 302, 303, 307 or 308");
        }
        this.status = status;
        this.location = location;
    }

    @Override
    public Verdict onRequest(RequestHead head, FilterContext context) {
        Verdict.Field field = new Verdict.Field(HeaderName.LOCATION, location.toBytes(context));
        return new Verdict.Respond(status, List.of(field), null);
    }
}
