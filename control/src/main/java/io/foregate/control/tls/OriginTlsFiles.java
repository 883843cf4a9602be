package io.foregate.control.tls;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.ServerName;
import io.foregate.control.pem.KeyMatch;
import io.foregate.control.pem.Pem;
import io.foregate.proxy.tls.ServerCertificate;
import io.foregate.proxy.tls.TlsException;
import io.foregate.proxy.upstream.OriginTls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the TLS of a pool from its files. Reads files and does nothing else, so a check is the same as a build. */
public final class OriginTlsFiles {
    private OriginTlsFiles() {}

    /**
     * Reads what the pool's {@code tls} names.
     *
     * @throws BadFile for the first file that can't be used
     */
    public static OriginTls load(EffectivePool pool) throws BadFile {
        return load(pool, null);
    }

    /** The same; {@code known}, if it is made of the same things, with its sessions. */
    public static OriginTls load(EffectivePool pool, @Nullable OriginTls known) throws BadFile {
        EffectivePool.Tls tls = pool.tls();
        boolean http2 = pool.protocol().value() != Pool.Protocol.H1;
        MessageDigest digest = sha256();
        Setting<FilePath> cert = tls.cert();
        Setting<FilePath> key = tls.key();
        if (cert == null && key != null) {
            throw BadFile.missing(key.origin(), "a key without its certificate: add cert:");
        }
        if (cert != null && key == null) {
            throw BadFile.missing(cert.origin(), "a certificate without its key: add key:");
        }
        Setting<ServerName> name = tls.name();
        add(
                digest,
                "verify " + tls.verify().value() + " http2 " + http2 + " name " + (name == null ? "" : name.value()));
        TrustManager trust = trust(tls, digest);
        List<X509Certificate> chain = List.of();
        PrivateKey privateKey = null;
        if (cert != null && key != null) {
            chain = certificates(cert, digest);
            privateKey = privateKey(key, digest);
            try {
                KeyMatch.check(new ServerCertificate(chain, privateKey), String.valueOf(cert.value()));
            } catch (TlsException e) {
                throw new BadFile(key.origin(), String.valueOf(e.getMessage()));
            }
        }
        String identity = HexFormat.of().formatHex(digest.digest());
        if (known != null && known.identity().equals(identity)) {
            return known;
        }
        OriginTls.Parts parts = new OriginTls.Parts(
                trust, tls.verify().value(), name == null ? null : name.value().text(), chain, privateKey);
        try {
            return new OriginTls(identity, parts, http2);
        } catch (SSLException e) {
            Origin origin = key == null ? tls.verify().origin() : key.origin();
            throw new BadFile(origin, String.valueOf(e.getMessage()));
        }
    }

    /** The files that {@link #load} reads. */
    public static List<Path> of(EffectivePool pool) {
        List<Path> files = new ArrayList<>();
        EffectivePool.Tls tls = pool.tls();
        for (Setting<FilePath> file : Arrays.asList(tls.ca(), tls.cert(), tls.key())) {
            if (file != null) {
                files.add(resolve(file));
            }
        }
        return files;
    }

    private static TrustManager trust(EffectivePool.Tls tls, MessageDigest digest) throws BadFile {
        Setting<FilePath> ca = tls.ca();
        try {
            if (ca != null) {
                List<X509Certificate> authorities = certificates(ca, digest);
                if (tls.verify().value()) {
                    return SystemTrust.of(authorities);
                }
            }
            return tls.verify().value()
                    ? SystemTrust.get()
                    : InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new BadFile(
                    ca == null ? Origin.DEFAULT : ca.origin(), "the trusted CAs can't be used: " + e.getMessage());
        }
    }

    private static List<X509Certificate> certificates(Setting<FilePath> file, MessageDigest digest) throws BadFile {
        try {
            return Pem.certificates(read(file, digest), file.value().text());
        } catch (TlsException e) {
            throw new BadFile(file.origin(), String.valueOf(e.getMessage()));
        }
    }

    private static PrivateKey privateKey(Setting<FilePath> file, MessageDigest digest) throws BadFile {
        try {
            return Pem.privateKey(read(file, digest), file.value().text(), null);
        } catch (TlsException e) {
            throw new BadFile(file.origin(), String.valueOf(e.getMessage()));
        }
    }

    private static byte[] read(Setting<FilePath> file, MessageDigest digest) throws TlsException {
        byte[] content = Pem.bytes(resolve(file));
        digest.update(content);
        return content;
    }

    private static Path resolve(Setting<FilePath> file) {
        Position position = file.origin().position();
        Path path = Path.of(file.value().text());
        return position == null ? path : Path.of(position.file()).resolveSibling(path);
    }

    private static void add(MessageDigest digest, @Nullable Object part) {
        digest.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
