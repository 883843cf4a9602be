package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.ValueTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests that came without TLS to the same address with https: 308, so that methods and bodies stay (RFC 9110
 * §15.4.9). Where there is nowhere to send them to, they are refused as misdirected (421). Immutable, shared by all loops.
 */
public final class HttpsRedirectFilter implements Filter {
    private static final Verdict REFUSED = new Verdict.Respond(421, List.of(), null);

    private final ValueTemplate prefix = ValueTemplate.parseLocation("https://{host}");
    private final ValueTemplate target = ValueTemplate.parseLocation("{uri}");
    private final @Nullable HttpsPort port;

    /** @param port where the site is served with TLS; null to refuse instead */
    public HttpsRedirectFilter(@Nullable HttpsPort port) {
        this.port = port;
    }

    @Override
    public Verdict onRequest(RequestHead head, FilterContext context) {
        if (head.secure()) {
            return Verdict.CONTINUE;
        }
        if (port == null) {
            return REFUSED;
        }
        String location = text(prefix, context) + port.suffix() + text(target, context);
        return new Verdict.Respond(308, List.of(new Verdict.Field(HeaderName.LOCATION, Octets.ascii(location))), null);
    }

    private static String text(ValueTemplate template, FilterContext context) {
        byte[] bytes = template.toBytes(context);
        return Octets.string(bytes, 0, bytes.length);
    }
}
