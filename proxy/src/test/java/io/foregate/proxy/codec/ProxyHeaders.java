package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Makes PROXY protocol headers, right and wrong ones. */
final class ProxyHeaders {
    private ProxyHeaders() {}

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Version 2: the byte of version and command, that of family and transport, and all that follows the length. */
    static byte[] v2(int command, int family, byte[]... rest) {
        byte[] all = join(rest);
        return join(
                ProxyHeaderV2.SIGNATURE,
                new byte[] {(byte) command, (byte) family, (byte) (all.length >> 8), (byte) all.length},
                all);
    }

    /** Source, destination, and their ports. */
    static byte[] addresses(String source, String destination, int sourcePort, int destinationPort) {
        return join(
                InetAddress.ofLiteral(source).getAddress(),
                InetAddress.ofLiteral(destination).getAddress(),
                new byte[] {
                    (byte) (sourcePort >> 8), (byte) sourcePort, (byte) (destinationPort >> 8), (byte) destinationPort
                });
    }

    static byte[] tlv(int type, byte[]... value) {
        byte[] all = join(value);
        return join(new byte[] {(byte) type, (byte) (all.length >> 8), (byte) all.length}, all);
    }

    /** The same header with its checksum, whose four bytes begin at {@code at}, set right. */
    static byte[] sealed(byte[] header, int at) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        byte[] sealed = header.clone();
        for (int i = 0; i < 4; i++) {
            sealed[at + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
        }
        return sealed;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What the first {@code length} bytes come to, and, where that is something, what. */
    static String understood(byte[] bytes, int length) {
        ProxyHeaderReader reader = new ProxyHeaderReader();
        // Not at index 0, as in a buffer of which something was read.
        ByteBuf in = Unpooled.buffer(length + 3).writeZero(3).skipBytes(3).writeBytes(bytes, 0, length);
        ProxyHeaderReader.Result result = reader.read(in);
        if (in.readerIndex() != 3 || in.readableBytes() != length) {
            throw new AssertionError("bytes were taken out");
        }
        return switch (result) {
            case MORE, NONE -> result.toString();
            case FAILED -> result + " " + reader.problem();
            case DONE -> {
                ProxyInfo info = reader.info();
                if (reader.length() > length || reader.length() > ProxyHeaderReader.MAX_BYTES) {
                    throw new AssertionError("a header of " + reader.length() + " in " + length + " bytes");
                }
                yield reader.length() + " v" + info.version() + " " + info.source() + " " + info.destination() + " "
                        + info.tlvs().length + " " + info.clientUsedTls();
            }
        };
    }
}
