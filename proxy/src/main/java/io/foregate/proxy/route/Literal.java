package io.foregate.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A constant to compare the bytes of requests with, by its UTF-8 form. Immutable. */
public final class Literal {
    private final String text;
    private final byte[] bytes;

    private Literal(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    public static Literal of(String text) {
        return new Literal(text);
    }

    boolean matches(byte[] block, int start, int length) {
        return length == bytes.length && Arrays.equals(block, start, start + length, bytes, 0, length);
    }

    /**
     * Compares with a part of a query: {@code %XX} is decoded and {@code +} is a space, as forms send it. A percent sign
     * without two hexadecimal digits stands for itself.
     */
    boolean matchesDecoded(byte[] block, int start, int length) {
        int at = start;
        int end = start + length;
        for (byte expected : bytes) {
            if (at == end || Query.decodedByte(block, at, end) != expected) {
                return false;
            }
            at += Query.encodedLength(block, at, end);
        }
        return at == end;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Literal that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
