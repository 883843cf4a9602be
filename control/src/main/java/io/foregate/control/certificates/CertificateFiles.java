package io.foregate.control.certificates;

import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.SecretRef;
import io.foregate.control.config.model.Tls;
import io.foregate.control.pem.KeyMatch;
import io.foregate.control.pem.Pem;
import io.foregate.proxy.tls.ServerCertificate;
import io.foregate.proxy.tls.TlsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads certificates from the files that a configuration names. What is returned fits together and has been tried. */
final class CertificateFiles {

    private final Path folder;

    /** @param folder where relative paths start */
    CertificateFiles(Path folder) {
        this.folder = folder;
    }

    /** The files that a certificate is made of. */
    List<Path> of(Tls.Certificate from) {
        List<Path> files = new ArrayList<>();
        for (FilePath path : Arrays.asList(from.cert(), from.key(), from.pkcs12())) {
            if (path != null) {
                files.add(path(path));
            }
        }
        SecretRef password = from.password();
        if (password != null && password.kind() == SecretRef.Kind.FILE) {
            files.add(folder.resolve(password.name()));
        }
        return files;
    }

    Path path(FilePath path) {
        return folder.resolve(path.text());
    }

    /** Reads a certificate and its key. */
    ServerCertificate read(Tls.Certificate from) throws TlsException {
        char @Nullable [] password = secret(from.password());
        ServerCertificate certificate;
        if (from.pkcs12() != null) {
            certificate = pkcs12(path(from.pkcs12()), password);
        } else {
            Path cert = path(Objects.requireNonNull(from.cert()));
            Path key = path(Objects.requireNonNull(from.key()));
            List<X509Certificate> chain = Pem.certificates(Pem.bytes(cert), cert.toString());
            certificate =
                    new ServerCertificate(ordered(chain), Pem.privateKey(Pem.bytes(key), key.toString(), password));
        }
        KeyMatch.check(certificate, described(from));
        return certificate;
    }

    /** The certificates of a bundle of authorities. */
    List<X509Certificate> authorities(FilePath bundle) throws TlsException {
        Path file = path(bundle);
        return Pem.certificates(Pem.bytes(file), file.toString());
    }

    static String described(Tls.Certificate from) {
        return from.pkcs12() != null ? from.pkcs12().toString() : String.valueOf(from.cert());
    }

    // The leaf comes first in every file that works; the others are put in order, and what doesn't belong is left out.
    private static List<X509Certificate> ordered(List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate last = certificates.getFirst();
        chain.add(last);
        while (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
            X509Certificate child = last;
            Optional<X509Certificate> issuer = certificates.stream()
                    .filter(one -> !chain.contains(one)
                            && one.getSubjectX500Principal().equals(child.getIssuerX500Principal()))
                    .findFirst();
            if (issuer.isEmpty()) {
                break;
            }
            last = issuer.get();
            chain.add(last);
        }
        return chain;
    }

    private ServerCertificate pkcs12(Path file, char @Nullable [] password) throws TlsException {
        char[] secret = password == null ? new char[0] : password;
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(Pem.bytes(file)), secret);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.isKeyEntry(alias) ? store.getKey(alias, secret) : null;
                Certificate[] chain = key == null ? null : store.getCertificateChain(alias);
                if (key instanceof PrivateKey privateKey && chain != null) {
                    List<X509Certificate> certificates = Arrays.stream(chain)
                            .map(X509Certificate.class::cast)
                            .toList();
                    return new ServerCertificate(certificates, privateKey);
                }
            }
            throw new TlsException(file + " holds no private key with a certificate");
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException(
                    file + " can't be opened as PKCS#12"
                            + (password == null ? "; does it need a password?" : "; is the password right?"),
                    e);
        }
    }

    private char @Nullable [] secret(@Nullable SecretRef place) throws TlsException {
        if (place == null) {
            return null;
        }
        if (place.kind() == SecretRef.Kind.ENV) {
            String value = System.getenv(place.name());
            if (value == null) {
                throw new TlsException("the environment variable " + place.name() + " is not set");
            }
            return value.toCharArray();
        }
        String text = new String(Pem.bytes(folder.resolve(place.name())), StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse("").toCharArray();
    }
}
