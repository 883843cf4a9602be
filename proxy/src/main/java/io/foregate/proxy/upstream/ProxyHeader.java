package io.foregate.proxy.upstream;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol (HAProxy's specification, versions 1 and 2) with which a connection to an endpoint begins.
 * Written once for each connection. Stateless.
 */
public final class ProxyHeader {
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final byte[] UNKNOWN = Octets.ascii("PROXY UNKNOWN\r\n");
    private static final int LOCAL = 0x20;
    private static final int PROXIED = 0x21;
    private static final int TCP_4 = 0x11;
    private static final int TCP_6 = 0x21;
    private static final int MOST_TLV_BYTES = 16 * 1024;

    private ProxyHeader() {}

    /**
     * Appends the header.
     *
     * @param source the client, or null when nobody knows it
     * @param destination what the client connected to, or null when nobody knows it
     * @param tlvs type-length-value entries, which version 1 has no place for
     */
    public static void write(
            ByteBuf out,
            Link.ProxyProtocol version,
            @Nullable InetSocketAddress source,
            @Nullable InetSocketAddress destination,
            byte[] tlvs) {
        if (version == Link.ProxyProtocol.V1) {
            text(out, source, destination);
        } else if (version == Link.ProxyProtocol.V2) {
            binary(out, source, destination, tlvs.length <= MOST_TLV_BYTES ? tlvs : new byte[0]);
        }
    }

    private static void text(ByteBuf out, @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        if (source == null || destination == null) {
            out.writeBytes(UNKNOWN);
            return;
        }
        boolean four = four(source, destination);
        String line = (four ? "PROXY TCP4 " : "PROXY TCP6 ") + text(source.getAddress(), four) + ' '
                + text(destination.getAddress(), four) + ' ' + source.getPort() + ' ' + destination.getPort() + "\r\n";
        out.writeBytes(Octets.ascii(line));
    }

    private static void binary(
            ByteBuf out, @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination, byte[] tlvs) {
        out.writeBytes(SIGNATURE);
        if (source == null || destination == null) {
            out.writeByte(LOCAL).writeByte(0).writeShort(0);
            return;
        }
        boolean four = four(source, destination);
        out.writeByte(PROXIED).writeByte(four ? TCP_4 : TCP_6);
        out.writeShort((four ? 12 : 36) + tlvs.length);
        out.writeBytes(bytes(source.getAddress(), four));
        out.writeBytes(bytes(destination.getAddress(), four));
        out.writeShort(source.getPort());
        out.writeShort(destination.getPort());
        out.writeBytes(tlvs);
    }

    // The header has one family for both.
    private static boolean four(InetSocketAddress source, InetSocketAddress destination) {
        return source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
    }

    private static byte[] bytes(InetAddress address, boolean four) {
        byte[] bytes = address.getAddress();
        if (four || bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        Arrays.fill(mapped, 10, 12, (byte) 0xff);
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    private static String text(InetAddress address, boolean four) {
        ClientAddress client = new ClientAddress();
        client.set(address);
        String text = Octets.string(client.text(), 0, client.text().length);
        return four || !(address instanceof Inet4Address) ? text : "::ffff:" + text;
    }
}
