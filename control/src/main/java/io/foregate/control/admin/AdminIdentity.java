package io.foregate.control.admin;

import io.foregate.control.pem.FileStamps;
import io.foregate.control.pem.KeyMatch;
import io.foregate.control.pem.Pem;
import io.foregate.proxy.tls.ServerCertificate;
import io.foregate.proxy.tls.TlsException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the admin API shows, read anew when its files have changed: connections that begin from then on see the new
 * one. What can't be used isn't, and the one before stays. {@link #refresh} is called by one thread, everything else by any.
 */
final class AdminIdentity extends X509ExtendedKeyManager {
    private static final Logger LOG = LoggerFactory.getLogger(AdminIdentity.class);

    private final Path cert;
    private final Path key;
    private final FileStamps stamps;
    private volatile Shown shown;
    // A handshake may be in its midst when the certificate changes.
    private volatile @Nullable Shown before;
    private boolean due;

    private record Shown(List<X509Certificate> chain, PrivateKey key) {
        String alias() {
            return chain.getFirst().getSerialNumber().toString(16);
        }
    }

    private AdminIdentity(Path cert, Path key) throws TlsException {
        this.cert = cert;
        this.key = key;
        this.stamps = new FileStamps(List.of(cert, key));
        this.shown = read(cert, key);
    }

    /** Reads both files. */
    static AdminIdentity of(Path cert, Path key) throws TlsException {
        return new AdminIdentity(cert, key);
    }

    private static Shown read(Path cert, Path key) throws TlsException {
        List<X509Certificate> chain = Pem.certificates(Pem.bytes(cert), cert.toString());
        PrivateKey secret = Pem.privateKey(Pem.bytes(key), key.toString(), null);
        KeyMatch.check(new ServerCertificate(chain, secret), cert.toString());
        return new Shown(chain, secret);
    }

    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new X509ExtendedKeyManager[] {this}, null, null);
        return context;
    }

    /** Reads the files anew where they have changed and then rested, so that half of a renewal is never read. */
    void refresh() {
        if (stamps.changed()) {
            due = true;
            return;
        }
        if (!due) {
            return;
        }
        due = false;
        try {
            Shown next = read(cert, key);
            if (!next.chain.equals(shown.chain)) {
                LOG.info("the admin API shows a new certificate, from {}", cert);
            }
            before = shown;
            shown = next;
        } catch (TlsException e) {
            LOG.error("{}; the admin API goes on with the certificate that it had", e.getMessage());
        }
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {shown.alias()};
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chosen(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chosen(keyType);
    }

    private @Nullable String chosen(String keyType) {
        Shown now = shown;
        return keyType.equals(now.key.getAlgorithm()) ? now.alias() : null;
    }

    private Shown known(String alias) {
        Shown now = shown;
        Shown last = before;
        return !now.alias().equals(alias) && last != null ? last : now;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return known(alias).chain.toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return known(alias).key;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
