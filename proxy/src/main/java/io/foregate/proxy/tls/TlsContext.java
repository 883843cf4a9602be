package io.foregate.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A site's certificates under its policy, ready for handshakes. Immutable but for ticket keys and shared by all loops.
 *
 * <p>Native memory, freed with the last reference: the site holds one, every handshake one of its own until it is over. A loop
 * that has found a context takes a reference before it uses it, since the site may swap and let go at any time. Connections go
 * on without one: what they need of BoringSSL's part, Netty holds for them.
 */
public final class TlsContext {
    private static final List<String> TLS_13_CIPHERS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Two such buffers stay with each connection; records go past them, straight into our own memory. */
    private static final int BIO_BYTES = 512;

    private final TlsPolicy policy;
    private final ReferenceCountedOpenSslContext context;
    private final @Nullable OutsideCertificate outside;
    private final AtomicInteger references = new AtomicInteger(1);

    private TlsContext(TlsPolicy policy, ReferenceCountedOpenSslContext context, @Nullable OutsideCertificate outside) {
        this.policy = policy;
        this.context = context;
        this.outside = outside;
    }

    /**
     * What a context is made of.
     *
     * @param certificates the preferred one first
     * @param lastKey signs for the last of the certificates in BoringSSL's place; null when that does it itself
     * @param clientTrust judges client certificates; used only when the policy asks for them
     * @param sessionScope sessions are resumed only where this is the same, besides the ticket keys
     */
    record Ingredients(
            TlsPolicy policy,
            List<ServerCertificate> certificates,
            @Nullable RsaKey lastKey,
            X509ExtendedTrustManager clientTrust,
            byte[] sessionScope) {}

    static TlsContext make(Ingredients of, Alpn alpn, List<byte[]> ticketKeys) throws TlsException {
        String missing = Boring.missing();
        if (missing != null) {
            throw new TlsException(missing);
        }
        TlsPolicy policy = of.policy();
        List<String> ciphers = new ArrayList<>(TLS_13_CIPHERS);
        ciphers.addAll(policy.ciphers());
        List<ServerCertificate> certificates = of.certificates();
        RsaKey lastKey = of.lastKey();
        ReferenceCountedOpenSslContext context = null;
        OutsideCertificate outside = null;
        boolean made = false;
        try {
            context = (ReferenceCountedOpenSslContext) SslContextBuilder.forServer(new NoKeys())
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .trustManager(of.clientTrust())
                    .protocols(policy.versions())
                    .ciphers(ciphers, IdentityCipherSuiteFilter.INSTANCE)
                    .option(OpenSslContextOption.GROUPS, policy.groups().toArray(String[]::new))
                    .clientAuth(
                            switch (policy.clients()) {
                                case NOT_ASKED -> ClientAuth.NONE;
                                case OPTIONAL -> ClientAuth.OPTIONAL;
                                case REQUIRED -> ClientAuth.REQUIRE;
                            })
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            alpn.protocols()))
                    .build();
            if (lastKey != null) {
                outside = OutsideCertificate.of(certificates.getLast(), lastKey);
                certificates = certificates.subList(0, certificates.size() - 1);
            }
            Boring.install(context, certificates, outside);
            context.setBioNonApplicationBufferSize(BIO_BYTES);
            OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
            // Sessions live in tickets alone: nothing to hold for clients that never come back.
            sessions.setSessionCacheEnabled(false);
            sessions.setSessionIdContext(of.sessionScope());
            TlsContext result = new TlsContext(policy, context, outside);
            result.ticketKeys(ticketKeys);
            made = true;
            return result;
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("BoringSSL doesn't take these settings: " + e.getMessage(), e);
        } finally {
            if (!made) {
                free(context, outside);
            }
        }
    }

    public TlsPolicy policy() {
        return policy;
    }

    /** Tickets are made with the first key; those of the others are still taken. On any thread. */
    void ticketKeys(List<byte[]> keys) {
        OpenSslSessionTicketKey[] all = new OpenSslSessionTicketKey[keys.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = TicketKeys.toNative(keys.get(i));
        }
        ((OpenSslServerSessionContext) context.sessionContext()).setTicketKeys(all);
    }

    /** Takes a reference; false when the context is gone. On any thread. */
    boolean retain() {
        int before;
        do {
            before = references.get();
            if (before == 0) {
                return false;
            }
        } while (!references.compareAndSet(before, before + 1));
        return true;
    }

    /** Gives a reference back. On any thread. */
    public void release() {
        if (references.decrementAndGet() == 0) {
            free(context, outside);
        }
    }

    private static void free(@Nullable ReferenceCountedOpenSslContext context, @Nullable OutsideCertificate outside) {
        if (context != null) {
            context.release();
        }
        if (outside != null) {
            outside.close();
        }
    }

    /** The TLS layer of one connection. On the connection's loop, which keeps a reference until the handshake is over. */
    public SslHandler newHandler(ByteBufAllocator buffers) {
        SslHandler handler = context.newHandler(buffers);
        OutsideCertificate late = outside;
        if (late != null) {
            boolean shown = false;
            try {
                late.show(handler);
                shown = true;
            } finally {
                if (!shown) {
                    ReferenceCountUtil.release(handler.engine());
                }
            }
        }
        return handler;
    }
}
