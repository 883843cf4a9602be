package io.foregate.proxy.codec;

import io.foregate.proxy.codec.ProxyHeaderReader.Result;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Version 2 of the PROXY protocol: a signature, a command, addresses in binary, and entries of type, length and value.
 * Stateless.
 */
final class ProxyHeaderV2 {
    static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    private static final int HEAD_BYTES = 16;
    private static final int COMMAND_AT = 12;
    private static final int FAMILY_AT = 13;
    private static final int LENGTH_AT = 14;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_BYTES = 2 * 108;
    private static final int MAX_UNIQUE_ID_BYTES = 128;
    private static final byte[] NO_TLVS = {};

    private ProxyHeaderV2() {}

    static Result read(ByteBuf in, ProxyHeaderReader reader) {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable <= COMMAND_AT) {
            return Result.MORE;
        }
        int command = in.getUnsignedByte(start + COMMAND_AT);
        if (command != LOCAL && command != PROXY) {
            return reader.failed("its version or command is unknown");
        }
        if (readable < HEAD_BYTES) {
            return Result.MORE;
        }
        int length = HEAD_BYTES + in.getUnsignedShort(start + LENGTH_AT);
        if (length > ProxyHeaderReader.MAX_BYTES) {
            return reader.failed("it is longer than 16 KiB");
        }
        if (command == PROXY && addressBytes(in.getUnsignedByte(start + FAMILY_AT)) > length - HEAD_BYTES) {
            return reader.failed("it has no room for its addresses");
        }
        if (readable < length) {
            return Result.MORE;
        }
        if (command == LOCAL) {
            // The load balancer speaks for itself; the rest is to be passed over (section 2.2).
            return reader.done(new ProxyInfo(2, null, null, NO_TLVS), length);
        }
        byte[] header = new byte[length];
        in.getBytes(start, header);
        return announced(header, reader);
    }

    /** The length of the address block; more than there can be for families that a TCP connection can't have. */
    private static int addressBytes(int family) {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP_OVER_IPV4 -> 12;
            case TCP_OVER_IPV6 -> 36;
            case UNIX_STREAM -> UNIX_BYTES;
            default -> Integer.MAX_VALUE;
        };
    }

    private static Result announced(byte[] header, ProxyHeaderReader reader) {
        int family = header[FAMILY_AT] & 0xff;
        int entries = HEAD_BYTES + addressBytes(family);
        String problem = problem(header, entries, header.length);
        if (problem == null && !checksumHolds(header, entries)) {
            problem = "its checksum is wrong";
        }
        if (problem != null) {
            return reader.failed(problem);
        }
        byte[] tlvs = kept(header, entries);
        if (family != TCP_OVER_IPV4 && family != TCP_OVER_IPV6) {
            return reader.done(new ProxyInfo(2, null, null, tlvs), header.length);
        }
        int size = family == TCP_OVER_IPV4 ? 4 : 16;
        int ports = HEAD_BYTES + 2 * size;
        return reader.done(
                new ProxyInfo(
                        2,
                        address(header, HEAD_BYTES, size, ports),
                        address(header, HEAD_BYTES + size, size, ports + 2),
                        tlvs),
                header.length);
    }

    private static InetSocketAddress address(byte[] header, int at, int size, int portAt) {
        int port = (header[portAt] & 0xff) << 8 | (header[portAt + 1] & 0xff);
        return new InetSocketAddress(ProxyHeaderV1.inet(Arrays.copyOfRange(header, at, at + size)), port);
    }

    /** What is wrong with the entries in {@code [from, end)}, or null. */
    private static @Nullable String problem(byte[] header, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < ProxyInfo.TLV_HEAD_BYTES) {
                return "it ends within an entry";
            }
            int length = ProxyInfo.length(header, at);
            int value = at + ProxyInfo.TLV_HEAD_BYTES;
            if (length > end - value) {
                return "an entry is longer than the header";
            }
            switch (header[at] & 0xff) {
                case ProxyInfo.CRC32C -> {
                    if (length != 4) {
                        return "its checksum has not four bytes";
                    }
                }
                case ProxyInfo.UNIQUE_ID -> {
                    if (length > MAX_UNIQUE_ID_BYTES) {
                        return "its unique id is longer than 128 bytes";
                    }
                }
                case ProxyInfo.SSL -> {
                    boolean whole = length >= ProxyInfo.SSL_HEAD_BYTES;
                    if (!whole || !nested(header, value + ProxyInfo.SSL_HEAD_BYTES, value + length)) {
                        return "its entry about TLS is malformed";
                    }
                }
                default -> {}
            }
            at = value + length;
        }
        return null;
    }

    private static boolean nested(byte[] header, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < ProxyInfo.TLV_HEAD_BYTES) {
                return false;
            }
            at += ProxyInfo.TLV_HEAD_BYTES + ProxyInfo.length(header, at);
        }
        return at == end;
    }

    /** Section 2.2.4: over the whole header, the checksum's own bytes taken as zero. */
    private static boolean checksumHolds(byte[] header, int entries) {
        int at = entries;
        while (at < header.length && (header[at] & 0xff) != ProxyInfo.CRC32C) {
            at += ProxyInfo.TLV_HEAD_BYTES + ProxyInfo.length(header, at);
        }
        if (at >= header.length) {
            return true;
        }
        int value = at + ProxyInfo.TLV_HEAD_BYTES;
        long said = 0;
        for (int i = 0; i < 4; i++) {
            said = said << 8 | (header[value + i] & 0xff);
        }
        CRC32C crc = new CRC32C();
        crc.update(header, 0, value);
        crc.update(new byte[4]);
        crc.update(header, value + 4, header.length - value - 4);
        return crc.getValue() == said;
    }

    private static byte[] kept(byte[] header, int entries) {
        byte[] kept = new byte[header.length - entries];
        int length = 0;
        int at = entries;
        while (at < header.length) {
            int size = ProxyInfo.TLV_HEAD_BYTES + ProxyInfo.length(header, at);
            int type = header[at] & 0xff;
            if (type != ProxyInfo.CRC32C && type != ProxyInfo.NOOP) {
                System.arraycopy(header, at, kept, length, size);
                length += size;
            }
            at += size;
        }
        return length == 0 ? NO_TLVS : Arrays.copyOf(kept, length);
    }
}
