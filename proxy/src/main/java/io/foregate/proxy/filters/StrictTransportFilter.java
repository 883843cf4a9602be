package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.api.message.ResponseHead;

/**
 * Tells browsers to come with https only (RFC 6797), on answers over TLS alone (§7.2). What the origin says of it is replaced.
 * Immutable, shared by all loops; makes no garbage.
 */
public final class StrictTransportFilter implements Filter {
    private final byte[] value;

    public StrictTransportFilter(long maxAgeSeconds, boolean includeSubdomains, boolean preload) {
        value = Octets.ascii("max-age=" + maxAgeSeconds + (includeSubdomains ? "; includeSubDomains" : "")
                + (preload ? "; preload" : ""));
    }

    @Override
    public void onResponse(ResponseHead head, FilterContext context) {
        head.headers().remove(HeaderName.STRICT_TRANSPORT_SECURITY);
        if (context.request().secure()) {
            head.headers().add(HeaderName.STRICT_TRANSPORT_SECURITY, value);
        }
    }
}
