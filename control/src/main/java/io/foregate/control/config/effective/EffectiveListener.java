package io.foregate.control.config.effective;

import io.foregate.control.config.model.ByteRate;
import io.foregate.control.config.model.Cidr;
import io.foregate.control.config.model.Count;
import io.foregate.control.config.model.Http2;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Timeout;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener, with everything that applies before a route is known.
 *
 * @param tls whether TLS is spoken
 * @param protocols the versions of HTTP that are spoken
 * @param fallback where to listen if the process isn't allowed to use {@code address}; only for the built-in listener
 */
public record EffectiveListener(
        Name name,
        Setting<ListenAddress> address,
        @Nullable ListenAddress fallback,
        boolean tls,
        Setting<List<Cidr>> trustedProxies,
        HeadLimits limits,
        ClientTimeouts timeouts,
        Set<Listener.Protocol> protocols,
        Http2 http2,
        MinimumRate minRate,
        ProxyProtocol proxyProtocol) {

    /** How large a request's head may be, and how many connections there may be. */
    public record HeadLimits(
            Setting<Size> target,
            Setting<Size> headerBytes,
            Setting<Count> headerCount,
            Setting<Count> connections,
            Setting<Count> connectionsPerClient) {}

    /** How long clients may take. */
    public record ClientTimeouts(Setting<Timeout> headerRead, Setting<Timeout> keepAlive) {}

    /** How slow clients may be. */
    public record MinimumRate(Setting<ByteRate> upload, Setting<ByteRate> download, Setting<Timeout> over) {}

    /** Who announces clients. */
    public record ProxyProtocol(Setting<Listener.ProxyProtocol.Mode> mode, Setting<List<Cidr>> from, Timeout timeout) {}
}
