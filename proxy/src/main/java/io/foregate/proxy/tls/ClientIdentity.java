package io.foregate.proxy.tls;

import io.foregate.api.message.Octets;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who a client has shown to be by its certificate, in the form in which origins are told. Made once for each connection.
 *
 * @param subject the distinguished name (RFC 2253)
 * @param alternatives the subject alternative names, as {@code DNS:…, URI:…, email:…, IP:…}; empty when there are none
 * @param fingerprint SHA-256 of the certificate in lower-case hexadecimal
 */
public record ClientIdentity(byte[] subject, byte[] alternatives, byte[] fingerprint) {
    private static final int MOST_BYTES = 4096;

    /** Null when the certificate can't be told of. */
    public static @Nullable ClientIdentity of(X509Certificate certificate) {
        try {
            String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
            String print = HexFormat.of().formatHex(TlsPolicy.sha256(certificate.getEncoded()));
            return new ClientIdentity(
                    Octets.ascii(cut(plain(subject, ""))),
                    Octets.ascii(alternatives(certificate)),
                    Octets.ascii(print));
        } catch (CertificateEncodingException | CertificateParsingException e) {
            return null;
        }
    }

    private static String alternatives(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        StringBuilder text = new StringBuilder();
        if (names == null) {
            return "";
        }
        for (List<?> name : names) {
            String kind = switch ((Integer) name.get(0)) {
                case 1 -> "email:";
                case 2 -> "DNS:";
                case 4 -> "dirName:";
                case 6 -> "URI:";
                case 7 -> "IP:";
                default -> "";
            };
            if (kind.isEmpty() || !(name.get(1) instanceof String value)) {
                continue;
            }
            // A comma within a name must not look like the next one.
            String entry = kind + plain(value, ",");
            if (text.length() + entry.length() + 2 > MOST_BYTES) {
                break;
            }
            text.append(text.isEmpty() ? "" : ", ").append(entry);
        }
        return text.toString();
    }

    private static String cut(String text) {
        return text.length() <= MOST_BYTES ? text : text.substring(0, MOST_BYTES);
    }

    /** What isn't printable ASCII, and what is in {@code besides}, is percent-encoded, and so is the sign itself. */
    private static String plain(String text, String besides) {
        StringBuilder plain = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < ' ' || c > '~' || c == '%' || besides.indexOf(c) >= 0) {
                plain.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            } else {
                plain.append(c);
            }
        }
        return plain.toString().strip();
    }
}
