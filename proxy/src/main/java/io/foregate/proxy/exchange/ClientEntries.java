package io.foregate.proxy.exchange;

import io.foregate.proxy.codec.ProxyInfo;
import io.foregate.proxy.tls.TlsInfo;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a PROXY protocol header (version 2) for an origin: what a load balancer before us has said of the connection, and
 * what our own TLS knows better. Made once for each client connection that needs it. Stateless.
 */
final class ClientEntries {
    private static final int ENTRY_HEAD_BYTES = 3;
    private static final int USED_TLS = 0x01;
    private static final int SHOWED_CERTIFICATE = 0x02 | 0x04;
    private static final int VERSION = 0x21;
    private static final int COMMON_NAME = 0x22;
    private static final int CIPHER = 0x23;

    private ClientEntries() {}

    /**
     * @param handshake of our own TLS; null on a plain connection
     * @param announced entries that a load balancer has sent, without their checksum; empty when there are none
     */
    static byte[] of(Channel channel, @Nullable TlsInfo handshake, byte[] announced) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        passOn(out, announced, tls != null);
        if (tls != null && handshake != null) {
            String protocol = tls.applicationProtocol();
            if (protocol != null) {
                entry(out, ProxyInfo.ALPN, ascii(protocol));
            }
            String name = handshake.serverName();
            if (name != null) {
                entry(out, ProxyInfo.AUTHORITY, ascii(name));
            }
            entry(out, ProxyInfo.SSL, session(tls.engine().getSession()));
        }
        return out.toByteArray();
    }

    // Where TLS ends here, what somebody said of another TLS connection before this one would contradict it.
    private static void passOn(ByteArrayOutputStream out, byte[] entries, boolean ownTls) {
        int at = 0;
        while (at + ENTRY_HEAD_BYTES <= entries.length) {
            int type = entries[at] & 0xff;
            int length = ENTRY_HEAD_BYTES + ((entries[at + 1] & 0xff) << 8 | entries[at + 2] & 0xff);
            boolean told = type == ProxyInfo.ALPN || type == ProxyInfo.AUTHORITY || type == ProxyInfo.SSL;
            if (!ownTls || !told) {
                out.write(entries, at, Math.min(length, entries.length - at));
            }
            at += length;
        }
    }

    // pp2_tlv_ssl: flags, the result of the verification (0 is success), and entries.
    private static byte[] session(SSLSession session) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        String name = commonName(session);
        out.write(name == null ? USED_TLS : USED_TLS | SHOWED_CERTIFICATE);
        out.writeBytes(new byte[] {0, 0, 0, 0});
        entry(out, VERSION, ascii(session.getProtocol()));
        if (name != null && !name.isEmpty()) {
            entry(out, COMMON_NAME, name.getBytes(StandardCharsets.UTF_8));
        }
        entry(out, CIPHER, ascii(session.getCipherSuite()));
        return out.toByteArray();
    }

    /** Null when the client showed no certificate, empty when that has no common name. */
    private static @Nullable String commonName(SSLSession session) {
        try {
            if (!(session.getPeerCertificates()[0] instanceof X509Certificate certificate)) {
                return null;
            }
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
            return "";
        } catch (SSLPeerUnverifiedException | InvalidNameException e) {
            return null;
        }
    }

    private static void entry(ByteArrayOutputStream out, int type, byte[] value) {
        out.write(type);
        out.write(value.length >> 8);
        out.write(value.length);
        out.writeBytes(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
