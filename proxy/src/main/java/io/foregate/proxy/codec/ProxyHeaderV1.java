package io.foregate.proxy.codec;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.foregate.proxy.codec.ProxyHeaderReader.Result;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Version 1 of the PROXY protocol: {@code PROXY TCP4 192.0.2.7 198.51.100.1 50000 443\r\n}. Stateless. */
final class ProxyHeaderV1 {
    static final byte[] SIGNATURE = Octets.ascii("PROXY ");

    /** With the line end (specification, section 2.1). */
    private static final int MAX_BYTES = 107;

    private static final byte[] UNKNOWN = Octets.ascii("UNKNOWN");
    private static final byte[] TCP4 = Octets.ascii("TCP4");
    private static final byte[] TCP6 = Octets.ascii("TCP6");
    private static final byte[] NO_TLVS = {};
    private static final int PARTS = 5;
    private static final int NO_PORT = -1;

    private ProxyHeaderV1() {}

    static Result read(ByteBuf in, ProxyHeaderReader reader) {
        int start = in.readerIndex();
        int readable = Math.min(in.readableBytes(), MAX_BYTES);
        int end = SIGNATURE.length;
        while (end < readable && isPrintable(in.getByte(start + end))) {
            end++;
        }
        if (end == readable) {
            return readable == MAX_BYTES ? reader.failed("its line is longer than 107 bytes") : Result.MORE;
        }
        if (in.getByte(start + end) != '\r') {
            return reader.failed("its line holds a control character or a byte beyond ASCII");
        }
        if (end + 1 == readable) {
            return readable == MAX_BYTES ? reader.failed("its line is longer than 107 bytes") : Result.MORE;
        }
        if (in.getByte(start + end + 1) != '\n') {
            return reader.failed("its line doesn't end in CRLF");
        }
        byte[] line = new byte[end - SIGNATURE.length];
        in.getBytes(start + SIGNATURE.length, line);
        ProxyInfo info = parse(line);
        return info == null ? reader.failed("its line is malformed") : reader.done(info, end + 2);
    }

    private static boolean isPrintable(byte b) {
        return b >= ' ' && b < 0x7f;
    }

    private static @Nullable ProxyInfo parse(byte[] line) {
        int[] ends = new int[PARTS];
        int count = 0;
        for (int i = 0; i <= line.length; i++) {
            if (i == line.length || line[i] == ' ') {
                if (count == PARTS) {
                    count++;
                    break;
                }
                ends[count++] = i;
            }
        }
        // Whatever follows it is to be ignored.
        if (is(line, 0, ends[0], UNKNOWN)) {
            return new ProxyInfo(1, null, null, NO_TLVS);
        }
        boolean ipv4 = is(line, 0, ends[0], TCP4);
        if (count != PARTS || (!ipv4 && !is(line, 0, ends[0], TCP6))) {
            return null;
        }
        InetAddress source = address(line, ends[0] + 1, ends[1], ipv4);
        InetAddress destination = address(line, ends[1] + 1, ends[2], ipv4);
        int sourcePort = port(line, ends[2] + 1, ends[3]);
        int destinationPort = port(line, ends[3] + 1, ends[4]);
        if (source == null || destination == null || sourcePort == NO_PORT || destinationPort == NO_PORT) {
            return null;
        }
        return new ProxyInfo(
                1,
                new InetSocketAddress(source, sourcePort),
                new InetSocketAddress(destination, destinationPort),
                NO_TLVS);
    }

    private static boolean is(byte[] line, int start, int end, byte[] word) {
        if (end - start != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (line[start + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable InetAddress address(byte[] line, int start, int end, boolean ipv4) {
        for (int i = start; i < end; i++) {
            boolean allowed = line[i] == '.'
                    || (ipv4 ? line[i] >= '0' && line[i] <= '9' : line[i] == ':' || Octets.hexValue(line[i]) >= 0);
            if (!allowed) {
                return null;
            }
        }
        ClientAddress parsed = new ClientAddress();
        if (!parsed.parse(line, start, end - start)) {
            return null;
        }
        // Not with a port, which the parser would take as well, nor a plain IPv4 address as TCP6.
        int colons = 0;
        for (int i = start; i < end; i++) {
            colons += line[i] == ':' ? 1 : 0;
        }
        return ipv4 || colons >= 2 ? inet(parsed) : null;
    }

    private static InetAddress inet(ClientAddress address) {
        byte[] bytes = new byte[address.isIpv4() ? 4 : 16];
        for (int i = bytes.length - 1, shift = 0; i >= 0; i--, shift += 8) {
            bytes[i] = (byte) ((shift < 64 ? address.low() : address.high()) >>> (shift & 63));
        }
        return inet(bytes);
    }

    static InetAddress inet(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private static int port(byte[] line, int start, int end) {
        int length = end - start;
        if (length < 1 || length > 5 || (length > 1 && line[start] == '0')) {
            return NO_PORT;
        }
        int port = 0;
        for (int i = start; i < end; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return NO_PORT;
            }
            port = port * 10 + line[i] - '0';
        }
        return port > 0xffff ? NO_PORT : port;
    }
}
