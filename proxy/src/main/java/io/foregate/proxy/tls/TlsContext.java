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
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A site's certificates under its policy, ready for handshakes. Immutable but for ticket keys and shared by all loops.
 *
 * <p>Native memory, freed with the last reference: the site holds one, every connection one of its own. A loop that has found
 * a context takes a reference before it uses it, since the site may swap and let go at any time.
 */
public final class TlsContext {
    private static final List<String> TLS_13_CIPHERS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Two such buffers stay with each connection; records go past them, straight into our own memory. */
    private static final int BIO_BYTES = 512;

    private final TlsPolicy policy;
    private final ReferenceCountedOpenSslContext context;

    private TlsContext(TlsPolicy policy, ReferenceCountedOpenSslContext context) {
        this.policy = policy;
        this.context = context;
    }

    /**
     * What a context is made of.
     *
     * @param certificates the preferred one first
     * @param clientTrust judges client certificates; used only when the policy asks for them
     * @param sessionScope sessions are resumed only where this is the same, besides the ticket keys
     */
    record Ingredients(
            TlsPolicy policy,
            List<ServerCertificate> certificates,
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
        ReferenceCountedOpenSslContext context = null;
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
            Boring.install(context, of.certificates());
            context.setBioNonApplicationBufferSize(BIO_BYTES);
            OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
            // Sessions live in tickets alone: nothing to hold for clients that never come back.
            sessions.setSessionCacheEnabled(false);
            sessions.setSessionIdContext(of.sessionScope());
            TlsContext result = new TlsContext(policy, context);
            result.ticketKeys(ticketKeys);
            made = true;
            return result;
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("BoringSSL doesn't take these settings: " + e.getMessage(), e);
        } finally {
            if (!made && context != null) {
                context.release();
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
        try {
            context.retain();
            return true;
        } catch (IllegalReferenceCountException e) {
            return false;
        }
    }

    /** Gives a reference back. On any thread. */
    public void release() {
        context.release();
    }

    /** The TLS layer of one connection; it takes a reference of its own. On the connection's loop. */
    public SslHandler newHandler(ByteBufAllocator buffers) {
        return context.newHandler(buffers);
    }
}
