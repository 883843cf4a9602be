package io.foregate.proxy.tls;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As whom we appear for a site: its certificates of the moment, ready for handshakes. Loops read it without a lock; the cold
 * side swaps what is in it. Outlives snapshots, with its {@link CertificateStore}.
 */
public final class SiteIdentity {
    private final String name;
    private final TlsPolicy policy;
    private volatile Map<Alpn, TlsContext> contexts = Map.of();

    SiteIdentity(String name, TlsPolicy policy) {
        this.name = name;
        this.policy = policy;
    }

    /** The site, for messages. */
    public String name() {
        return name;
    }

    public TlsPolicy policy() {
        return policy;
    }

    /** Whether there is a certificate to show. */
    public boolean ready() {
        return !contexts.isEmpty();
    }

    /** The context of the moment with a reference for the caller, or null when there is none. On any thread. */
    public @Nullable TlsContext acquire(Alpn alpn) {
        while (true) {
            TlsContext context = contexts.get(alpn);
            // Let go since we read it: then there is another one by now, or none.
            if (context == null || context.retain()) {
                return context;
            }
        }
    }

    // The store's lock is held.
    void swap(Map<Alpn, TlsContext> next) {
        Map<Alpn, TlsContext> previous = contexts;
        contexts = Map.copyOf(next);
        previous.values().forEach(TlsContext::release);
    }

    Map<Alpn, TlsContext> contexts() {
        return new HashMap<>(contexts);
    }
}
