package io.foregate.control.pem;

import io.foregate.proxy.tls.TlsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads PEM (RFC 7468): certificates, and private keys in all forms that are in use. Stateless. */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String EC = "1.2.840.10045.2.1";

    // A bundle of all public authorities has about 250 KB.
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private record Block(String kind, byte[] der) {}

    private Pem() {}

    /** A file's content, bounded. */
    public static byte[] bytes(Path file) throws TlsException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new TlsException(file + " is larger than any file of certificates (4 MB)");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new TlsException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new TlsException(file + " may not be read by this process", e);
        } catch (IOException e) {
            throw new TlsException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** All certificates of a file, in its order; at least one. */
    public static List<X509Certificate> certificates(byte[] text, String file) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(text, file)) {
            if (block.kind.equals("CERTIFICATE") || block.kind.equals("X509 CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der)));
                } catch (GeneralSecurityException e) {
                    throw new TlsException(
                            "certificate " + (certificates.size() + 1) + " in " + file + " is malformed", e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsException(file + " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    /** The first private key of a file. */
    public static PrivateKey privateKey(byte[] text, String file, char @Nullable [] password) throws TlsException {
        for (Block block : blocks(text, file)) {
            switch (block.kind) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.der, file);
                }
                case "RSA PRIVATE KEY" -> {
                    byte[] algorithm = Der.sequence(Der.oid(RSA), Der.nothing());
                    return pkcs8(wrapped(algorithm, block.der), file);
                }
                case "EC PRIVATE KEY" -> {
                    byte[] algorithm = Der.sequence(Der.oid(EC), curve(block.der, file));
                    return pkcs8(wrapped(algorithm, block.der), file);
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return pkcs8(decrypted(block.der, file, password), file);
                }
                default -> {}
            }
        }
        throw new TlsException(file + " holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    }

    private static List<Block> blocks(byte[] bytes, String file) throws TlsException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            String body = matcher.group(2);
            if (body.contains("Proc-Type:")) {
                throw new TlsException(
                        file + " is encrypted in OpenSSL's old way; convert it with: openssl pkcs8 -topk8 -in " + file);
            }
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(body)));
            } catch (IllegalArgumentException e) {
                throw new TlsException(file + " is malformed: " + e.getMessage(), e);
            }
        }
        return blocks;
    }

    /** A key in the form of its kind, as PKCS#8 has it (RFC 5208 §5). */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key));
    }

    // ECPrivateKey (RFC 5915 §3): version, key, [0] curve, [1] public key.
    private static byte[] curve(byte[] key, String file) throws TlsException {
        try {
            DerReader fields = new DerReader(key).sequence();
            fields.next();
            fields.next();
            if (fields.hasNext() && fields.peekTag() == 0xa0) {
                return fields.next().inner().next().whole();
            }
        } catch (DerReader.Malformed e) {
            throw new TlsException(file + " is malformed", e);
        }
        throw new TlsException(file + " doesn't name its curve; convert it with: openssl pkcs8 -topk8 -nocrypt");
    }

    private static PrivateKey pkcs8(byte[] der, String file) throws TlsException {
        try {
            DerReader fields = new DerReader(der).sequence();
            fields.next();
            String oid = fields.next().inner().next().oid();
            String algorithm = switch (oid) {
                case RSA -> "RSA";
                case EC -> "EC";
                case "1.3.101.112" -> "Ed25519";
                default ->
                    throw new TlsException(
                            file + " holds a key of a kind that can't be served (" + oid + "); use RSA or ECDSA");
            };
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (DerReader.Malformed | GeneralSecurityException e) {
            throw new TlsException(file + " holds a malformed private key", e);
        }
    }

    private static byte[] decrypted(byte[] der, String file, char @Nullable [] password) throws TlsException {
        if (password == null) {
            throw new TlsException(file + " is encrypted; say where its password is with password: env:NAME");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = info.getAlgParameters();
            String algorithm = parameters == null ? info.getAlgName() : parameters.toString();
            SecretKeyFactory factory = SecretKeyFactory.getInstance(algorithm);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, factory.generateSecret(new PBEKeySpec(password)), parameters);
            return info.getKeySpec(cipher).getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException(file + " can't be decrypted; is the password right?", e);
        }
    }
}
