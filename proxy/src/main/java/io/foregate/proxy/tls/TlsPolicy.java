package io.foregate.proxy.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Under which rules a handshake is made: everything but the certificate itself. Connections made under one policy may not
 * carry requests for a site of another (they are answered 421).
 *
 * @param id the same for equal policies only, whenever they were made; never 0
 * @param versions {@code TLSv1.2}, {@code TLSv1.3}, or both
 * @param ciphers of TLS 1.2, by OpenSSL's or IANA's names, the preferred one first; those of TLS 1.3 are always on
 * @param groups for the key exchange, the preferred one first
 * @param clients whether clients have to show certificates
 */
public record TlsPolicy(long id, List<String> versions, List<String> ciphers, List<String> groups, Clients clients) {
    /** Whether clients are asked for a certificate. */
    public enum Clients {
        NOT_ASKED,
        OPTIONAL,
        REQUIRED
    }

    /**
     * @param authorities which client certificates are trusted, as the configuration names it; empty when none are asked for
     */
    public static TlsPolicy of(
            List<String> versions, List<String> ciphers, List<String> groups, Clients clients, String authorities) {
        String text = String.join(",", versions)
                + '\n'
                + String.join(",", ciphers)
                + '\n'
                + String.join(",", groups)
                + '\n'
                + clients
                + '\n'
                + authorities;
        byte[] digest = sha256(text.getBytes(StandardCharsets.UTF_8));
        long id = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            id = id << 8 | digest[i] & 0xff;
        }
        return new TlsPolicy(
                id == 0 ? 1 : id, List.copyOf(versions), List.copyOf(ciphers), List.copyOf(groups), clients);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
