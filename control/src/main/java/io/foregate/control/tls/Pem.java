package io.foregate.control.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys from PEM texts (RFC 7468): keys in PKCS#8, and as OpenSSL has long written them, in PKCS#1
 * (RSA) and SEC 1 (EC). Text around the blocks is skipped. Failures are {@link GeneralSecurityException}s with words for people.
 */
final class Pem {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private record Block(String kind, byte[] content) {}

    private Pem() {}

    /** All certificates, in their order; at least one. */
    static List<X509Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Block block : blocks(pem)) {
            if (block.kind.equals("CERTIFICATE") || block.kind.equals("X509 CERTIFICATE")) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content)));
            }
        }
        if (found.isEmpty()) {
            throw new CertificateException("holds no certificate in PEM");
        }
        return found;
    }

    /** The first private key. */
    static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
        byte[] curve = null;
        for (Block block : blocks(pem)) {
            switch (block.kind) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.content);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrap(RSA, block.content));
                }
                case "EC PARAMETERS" -> curve = block.content;
                case "EC PRIVATE KEY" -> {
                    byte[] named = curve != null ? curve : curveOf(block.content);
                    return pkcs8(wrap(tagged(0x30, join(EC, named)), block.content));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new InvalidKeySpecException(
                            "the key is encrypted, and there is nobody to ask for the password");
                default -> {}
            }
        }
        throw new InvalidKeySpecException("holds no private key in PEM");
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        GeneralSecurityException last = new InvalidKeySpecException("is no key");
        for (String algorithm : List.of("EC", "RSA", "Ed25519", "RSASSA-PSS")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw new InvalidKeySpecException("holds a private key of an unknown kind, or a damaged one", last);
    }

    private static List<Block> blocks(byte[] pem) throws GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            String body = matcher.group(2);
            if (body.contains("Proc-Type:")) {
                throw new InvalidKeySpecException("the key is encrypted, and there is nobody to ask for the password");
            }
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(body)));
            } catch (IllegalArgumentException e) {
                throw new CertificateException("a block of it is no Base64", e);
            }
        }
        return blocks;
    }

    /** The named curve ({@code [0]} of RFC 5915) that stands in an EC key. */
    private static byte[] curveOf(byte[] key) throws GeneralSecurityException {
        // SEQUENCE { INTEGER 1, OCTET STRING, [0] OID, … }: the lengths of all these fit one byte, up to P-521's first
        // two.
        for (int i = 0; i + 4 < key.length; i++) {
            if (key[i] == (byte) 0xa0
                    && key[i + 2] == 0x06
                    && key[i + 1] == key[i + 3] + 2
                    && i + 2 + key[i + 1] <= key.length) {
                return java.util.Arrays.copyOfRange(key, i + 2, i + 2 + key[i + 1]);
            }
        }
        throw new InvalidKeySpecException("holds an EC key that doesn't say its curve");
    }

    // PrivateKeyInfo ::= SEQUENCE { INTEGER 0, AlgorithmIdentifier, OCTET STRING } (RFC 5208)
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return tagged(0x30, join(join(new byte[] {2, 1, 0}, algorithm), tagged(0x04, key)));
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 128) {
            out.write(length);
        } else if (length < 256) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
