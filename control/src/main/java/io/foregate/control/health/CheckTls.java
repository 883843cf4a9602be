package io.foregate.control.health;

import io.foregate.proxy.upstream.OriginTls;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for checks: made of the same trust, name and certificate as that of requests, with the JDK's engine, since checks block.
 * Thread-safe.
 */
final class CheckTls {
    private final OriginTls.Parts parts;
    private final SSLContext context;

    private CheckTls(OriginTls.Parts parts, SSLContext context) {
        this.parts = parts;
        this.context = context;
    }

    static CheckTls of(OriginTls tls) throws GeneralSecurityException, IOException {
        OriginTls.Parts parts = tls.parts();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(parts), new TrustManager[] {parts.trust()}, null);
        return new CheckTls(parts, context);
    }

    private static KeyManager @Nullable [] keys(OriginTls.Parts parts) throws GeneralSecurityException, IOException {
        PrivateKey key = parts.key();
        if (key == null) {
            return null;
        }
        char[] password = new char[0];
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("own", key, password, parts.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    /** A session over a connected socket, which it closes with itself; the handshake is done when this returns. */
    SSLSocket wrap(Socket socket, String endpoint, String... protocols) throws IOException {
        String host = parts.nameFor(endpoint);
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        if (parts.verify()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (OriginTls.isName(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }
}
