package io.foregate.proxy.codec;

import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a load balancer announced about a connection with the PROXY protocol (versions 1 and 2 of HAProxy's specification).
 * Immutable; lives as long as the connection.
 *
 * @param version of the header, 1 or 2
 * @param source who connected to the load balancer; null when it speaks for itself (a health check) or the client has no IP
 *     address: then the connection's own peer is the client
 * @param destination the address that the client connected to; null exactly when {@code source} is
 * @param tlvs the header's type-length-value entries as they came, without its checksum and padding; not to be changed
 */
public record ProxyInfo(
        int version,
        @Nullable InetSocketAddress source,
        @Nullable InetSocketAddress destination,
        byte[] tlvs) {
    /** The application protocol that the client and the load balancer agreed on, as in ALPN. */
    public static final int ALPN = 0x01;
    /** The host that the client asked the load balancer for, as in SNI; UTF-8. */
    public static final int AUTHORITY = 0x02;

    static final int CRC32C = 0x03;
    static final int NOOP = 0x04;

    /** An identifier of the connection that the load balancer made, at most 128 bytes. */
    public static final int UNIQUE_ID = 0x05;
    /** The TLS session between the client and the load balancer: flags, result of verification, nested entries. */
    public static final int SSL = 0x20;
    /** The load balancer's network namespace. */
    public static final int NETNS = 0x30;

    static final int TLV_HEAD_BYTES = 3;
    static final int SSL_HEAD_BYTES = 5;
    private static final int SSL_CLIENT_USED_TLS = 0x01;

    /** The value of the first entry of that type, as a copy; null when there is none. */
    public byte @Nullable [] tlv(int type) {
        for (int at = 0; at < tlvs.length; at += TLV_HEAD_BYTES + length(tlvs, at)) {
            if ((tlvs[at] & 0xff) == type) {
                int start = at + TLV_HEAD_BYTES;
                return Arrays.copyOfRange(tlvs, start, start + length(tlvs, at));
            }
        }
        return null;
    }

    /** Whether the client reached the load balancer over TLS, which ended there. */
    public boolean clientUsedTls() {
        byte[] ssl = tlv(SSL);
        return ssl != null && ssl.length > 0 && (ssl[0] & SSL_CLIENT_USED_TLS) != 0;
    }

    /** The length of the value of the entry at {@code at}. */
    static int length(byte[] entries, int at) {
        return (entries[at + 1] & 0xff) << 8 | (entries[at + 2] & 0xff);
    }
}
