package io.foregate.api.message;

import java.nio.charset.StandardCharsets;

/** The methods of RFC 9110 §9 and PATCH; any other token is {@link #OTHER}, and its bytes are in the head. */
public enum Method {
    GET(true, true),
    HEAD(true, true),
    POST(false, false),
    PUT(false, true),
    DELETE(false, true),
    OPTIONS(true, true),
    PATCH(false, false),
    TRACE(true, true),
    CONNECT(false, false),
    OTHER(false, false);

    private final boolean safe;
    private final boolean idempotent;
    private final byte[] bytes = name().getBytes(StandardCharsets.US_ASCII);

    Method(boolean safe, boolean idempotent) {
        this.safe = safe;
        this.idempotent = idempotent;
    }

    /** RFC 9110 §9.2.1. */
    public boolean safe() {
        return safe;
    }

    /** RFC 9110 §9.2.2: sending it twice does what sending it once does. */
    public boolean idempotent() {
        return idempotent;
    }

    /** The method that the bytes name; methods are case-sensitive. */
    public static Method of(byte[] block, int start, int length) {
        return switch (length) {
            case 3 -> matches(block, start, GET) ? GET : matches(block, start, PUT) ? PUT : OTHER;
            case 4 -> matches(block, start, POST) ? POST : matches(block, start, HEAD) ? HEAD : OTHER;
            case 5 -> matches(block, start, PATCH) ? PATCH : matches(block, start, TRACE) ? TRACE : OTHER;
            case 6 -> matches(block, start, DELETE) ? DELETE : OTHER;
            case 7 -> matches(block, start, OPTIONS) ? OPTIONS : matches(block, start, CONNECT) ? CONNECT : OTHER;
            default -> OTHER;
        };
    }

    private static boolean matches(byte[] block, int start, Method method) {
        byte[] name = method.bytes;
        for (int i = 0; i < name.length; i++) {
            if (block[start + i] != name[i]) {
                return false;
            }
        }
        return true;
    }
}
