package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.model.Listener;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.MinRate;
import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.server.Admission;
import io.foregate.proxy.server.ConnectionLimits;
import io.foregate.proxy.server.ListenerSettings;
import io.foregate.proxy.server.ProxyProtocol;
import io.foregate.proxy.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/** Compiles what holds for a listener's connections before a route is known. Stateless. */
final class Listeners {
    /** What a client still sends is read for so long after the last answer, so that no reset overtakes it. */
    private static final long LINGER_NANOS = 5_000_000_000L;

    private Listeners() {}

    static ListenerSettings settings(int slot, EffectiveListener listener, @Nullable TlsSettings tls) {
        ConnectionLimits connections = new ConnectionLimits(
                listener.limits().connections().value().value(),
                listener.limits().connectionsPerClient().value().value(),
                Conditions.cidrs(listener.trustedProxies().value()));
        return new ListenerSettings(
                slot,
                http(listener),
                Protocols.versions(listener),
                tls,
                new Admission(proxyProtocol(listener.proxyProtocol()), connections));
    }

    private static ServerSettings http(EffectiveListener listener) {
        HeadLimits limits = new HeadLimits(
                Units.bytes(listener.limits().target().value()),
                Units.bytes(listener.limits().headerBytes().value()),
                listener.limits().headerCount().value().value());
        return new ServerSettings(
                limits,
                Units.nanos(listener.timeouts().headerRead().value()),
                Units.nanos(listener.timeouts().keepAlive().value()),
                LINGER_NANOS,
                minRate(listener.minRate()));
    }

    static MinRate minRate(EffectiveListener.MinimumRate rate) {
        long overNanos = Units.nanos(rate.over().value());
        return overNanos == Long.MAX_VALUE
                ? MinRate.NONE
                : new MinRate(
                        rate.upload().value().bytesPerSecond(),
                        rate.download().value().bytesPerSecond(),
                        overNanos);
    }

    private static ProxyProtocol proxyProtocol(EffectiveListener.ProxyProtocol protocol) {
        Listener.ProxyProtocol.Mode mode = protocol.mode().value();
        return mode == Listener.ProxyProtocol.Mode.OFF
                ? ProxyProtocol.OFF
                : new ProxyProtocol(
                        mode == Listener.ProxyProtocol.Mode.REQUIRED
                                ? ProxyProtocol.Mode.REQUIRED
                                : ProxyProtocol.Mode.OPTIONAL,
                        Conditions.cidrs(protocol.from().value()),
                        Units.nanos(protocol.timeout()));
    }
}
