package io.foregate.proxy.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the endpoints of a pool: whom to trust, whom to expect, who we are. Keeps the sessions of its endpoints, so that
 * a new connection resumes one.
 *
 * <p>Immutable and thread-safe. Two are equal when they were made of the same things, so that connections survive a change of
 * configuration that leaves TLS as it is; keys and certificates take part by a digest.
 */
public final class OriginTls {
    static final String HTTP_2 = "h2";
    private static final String HTTP_1 = "http/1.1";
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final int SESSIONS = 4096;
    private static final long SESSION_SECONDS = 3600;

    /**
     * What it is made of.
     *
     * @param trust who says whether a certificate is good; accepts all where it isn't verified
     * @param verify whether certificates have to be good, and to carry the endpoint's name
     * @param name that is asked for and expected, or null for the endpoint's own
     * @param chain of our own certificate, or empty
     * @param key of our own certificate, or null
     */
    public record Parts(
            TrustManager trust,
            boolean verify,
            @Nullable String name,
            List<X509Certificate> chain,
            @Nullable PrivateKey key) {
        /** The name that an endpoint is asked for, and that its certificate has to carry: {@code host:port} without the port, or what is set. */
        public String nameFor(String endpoint) {
            int colon = endpoint.lastIndexOf(':');
            return name != null ? name : bare(endpoint.substring(0, Math.max(colon, 0)));
        }
    }

    private final String identity;
    private final Parts parts;
    private final SslContext any;
    private final SslContext http1;

    /**
     * Makes it ready for use.
     *
     * @param identity tells whether two are the same
     * @param http2 whether HTTP/2 is offered
     * @throws SSLException when a certificate and a key don't belong together, or are of a kind that can't be used
     */
    public OriginTls(String identity, Parts parts, boolean http2) throws SSLException {
        this.identity = identity;
        this.parts = parts;
        this.http1 = context(parts, HTTP_1);
        this.any = http2 ? context(parts, HTTP_2, HTTP_1) : http1;
    }

    private static SslContext context(Parts parts, String... protocols) throws SSLException {
        boolean boringSsl = OpenSsl.isAvailable();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(boringSsl ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols(VERSIONS)
                .trustManager(parts.trust)
                .endpointIdentificationAlgorithm(parts.verify ? "HTTPS" : null)
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
        PrivateKey key = parts.key;
        if (key != null) {
            builder.keyManager(key, parts.chain);
        }
        SslContext context = builder.build();
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(true);
        }
        return context;
    }

    /** Tells whether two are the same. */
    public String identity() {
        return identity;
    }

    /**
     * The handler of one connection.
     *
     * @param endpoint {@code host:port}; the host is the name that is asked for and expected, unless another one is set
     * @param http1Only whether HTTP/2 must not be offered
     */
    SslHandler newHandler(ByteBufAllocator buffers, String endpoint, boolean http1Only) {
        int colon = endpoint.lastIndexOf(':');
        String host = parts.nameFor(endpoint);
        int port = colon < 0 ? 443 : Integer.parseInt(endpoint, colon + 1, endpoint.length(), 10);
        SslHandler handler = (http1Only ? http1 : any).newHandler(buffers, host, port);
        if (isName(host)) {
            // Names without a dot, as within a cluster, would be left out.
            SSLEngine engine = handler.engine();
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            engine.setSSLParameters(parameters);
        }
        // The connect timeout is for all of it.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** What it was made of, for whoever speaks TLS to the same endpoints by other means. */
    public Parts parts() {
        return parts;
    }

    /** Whether a host is a name, which is sent as SNI, and no address. */
    public static boolean isName(String host) {
        return host.indexOf(':') < 0 && !NetUtil.isValidIpV4Address(host);
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Why a handshake failed, in words that say what to look at. */
    public static String reason(@Nullable Throwable failure) {
        Throwable root = failure;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String known = known(at);
            if (known != null) {
                return "TLS handshake: " + known;
            }
            if (!(at instanceof DecoderException)) {
                root = at;
            }
        }
        return "TLS handshake: " + (root == null ? "cancelled" : String.valueOf(root.getMessage()));
    }

    private static @Nullable String known(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        return switch (cause) {
            case java.security.cert.CertificateExpiredException e -> "certificate expired (" + said + ")";
            case java.security.cert.CertificateNotYetValidException e -> "certificate not yet valid (" + said + ")";
            case java.security.cert.CertPathBuilderException e -> "unknown CA (" + said + ")";
            case java.security.cert.CertificateException e
            when said.startsWith("No name matching") || said.startsWith("No subject alternative") ->
                "certificate name mismatch (" + said + ")";
            default -> null;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OriginTls tls && tls.identity.equals(identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return "TLS " + identity;
    }
}
