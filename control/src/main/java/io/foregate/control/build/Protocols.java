package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.model.Http2;
import io.foregate.control.config.model.Listener;
import io.foregate.proxy.codec.h2.Http2Settings;
import io.foregate.proxy.server.Versions;
import io.foregate.proxy.tls.Alpn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The versions of HTTP that a listener speaks. Stateless. */
final class Protocols {
    private Protocols() {}

    static Versions versions(EffectiveListener listener) {
        Http2 http2 = listener.http2();
        Http2Settings settings = new Http2Settings(
                http2.maxConcurrentStreams(),
                Units.bytes(http2.window()),
                Units.bytes(http2.connectionWindow()),
                Units.bytes(http2.maxFrameSize()),
                Units.bytes(http2.headerTableSize()));
        Set<Listener.Protocol> spoken = listener.protocols();
        return new Versions(
                spoken.contains(Listener.Protocol.H1), spoken.contains(Listener.Protocol.H2) ? settings : null);
    }

    /** What is offered within TLS, the newest first. */
    static Alpn alpn(EffectiveListener listener) {
        List<String> offered = new ArrayList<>();
        if (listener.protocols().contains(Listener.Protocol.H2)) {
            offered.add(Alpn.HTTP_2);
        }
        if (listener.protocols().contains(Listener.Protocol.H1)) {
            offered.add(Alpn.HTTP_1_1);
        }
        return new Alpn(offered);
    }
}
