package io.foregate.proxy.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a ClientHello decides who answers (RFC 8446 §4.1.2): the name asked for (RFC 6066 §3) and the protocols offered
 * (RFC 7301). A value; made once for each handshake.
 *
 * @param serverName in lower case and without a trailing dot, or null when the client names none
 * @param protocols offered with ALPN, in the client's order; null when it doesn't use ALPN
 */
public record ClientHello(
        @Nullable String serverName, @Nullable List<String> protocols) {
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int RANDOM_AND_VERSION_BYTES = 34;
    private static final int MOST_PROTOCOLS = 64;
    private static final int MOST_NAME_BYTES = 255;

    /**
     * Reads the body of a ClientHello message, without its type and length; {@code hello} keeps its position. Null when it is
     * malformed in what is looked at.
     */
    public static @Nullable ClientHello parse(ByteBuf hello) {
        try {
            return read(hello.slice());
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static @Nullable ClientHello read(ByteBuf in) {
        in.skipBytes(RANDOM_AND_VERSION_BYTES);
        in.skipBytes(in.readUnsignedByte());
        in.skipBytes(in.readUnsignedShort());
        in.skipBytes(in.readUnsignedByte());
        if (!in.isReadable()) {
            return new ClientHello(null, null);
        }
        ByteBuf extensions = in.readSlice(in.readUnsignedShort());
        String serverName = null;
        List<String> protocols = null;
        boolean named = false;
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
            if (type == SERVER_NAME) {
                if (named) {
                    return null;
                }
                named = true;
                serverName = serverName(body);
                if (serverName == null) {
                    return null;
                }
            } else if (type == ALPN) {
                if (protocols != null) {
                    return null;
                }
                protocols = protocols(body);
                if (protocols == null) {
                    return null;
                }
            }
        }
        return new ClientHello(serverName, protocols);
    }

    private static @Nullable String serverName(ByteBuf body) {
        ByteBuf list = body.readSlice(body.readUnsignedShort());
        int kind = list.readUnsignedByte();
        int length = list.readUnsignedShort();
        if (kind != 0 || length == 0 || length > MOST_NAME_BYTES || length > list.readableBytes()) {
            return null;
        }
        for (int i = list.readerIndex(); i < list.readerIndex() + length; i++) {
            byte b = list.getByte(i);
            if (b <= ' ' || b == 0x7f) {
                return null;
            }
        }
        String name = list.readCharSequence(length, StandardCharsets.US_ASCII).toString();
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        return name.isEmpty() ? null : name.toLowerCase(Locale.ROOT);
    }

    private static @Nullable List<String> protocols(ByteBuf body) {
        ByteBuf list = body.readSlice(body.readUnsignedShort());
        List<String> protocols = new ArrayList<>(4);
        while (list.isReadable()) {
            int length = list.readUnsignedByte();
            if (length == 0 || protocols.size() == MOST_PROTOCOLS) {
                return null;
            }
            protocols.add(
                    list.readCharSequence(length, StandardCharsets.ISO_8859_1).toString());
        }
        return protocols.isEmpty() ? null : protocols;
    }
}
