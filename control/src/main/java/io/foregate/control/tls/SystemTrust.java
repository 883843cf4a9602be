package io.foregate.control.tls;

import io.foregate.control.pem.Pem;
import io.foregate.proxy.tls.TlsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The CAs that the machine trusts: the system's bundle, which is where an operator adds one, else the JDK's own. Read once for
 * the process.
 */
final class SystemTrust {
    private static final List<Path> BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private static @Nullable TrustManager read;

    private SystemTrust() {}

    static synchronized TrustManager get() throws GeneralSecurityException {
        TrustManager known = read;
        if (known == null) {
            known = find();
            read = known;
        }
        return known;
    }

    private static TrustManager find() throws GeneralSecurityException {
        for (Path bundle : BUNDLES) {
            try {
                if (Files.isReadable(bundle)) {
                    return of(Pem.certificates(Pem.bytes(bundle), bundle.toString()));
                }
            } catch (TlsException | GeneralSecurityException e) {
                // A bundle that can't be read is as good as none; the next one may be better.
            }
        }
        return of((KeyStore) null);
    }

    static TrustManager of(Collection<X509Certificate> authorities) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("ca-" + number++, authority);
            }
            return of(store);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static TrustManager of(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers()[0];
    }
}
