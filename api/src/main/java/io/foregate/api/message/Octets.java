package io.foregate.api.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Byte classes and comparisons of RFC 9110 §5.6 and RFC 3986, on plain arrays.
 *
 * <p>Tables rather than comparisons: every byte of every head passes here once, and a table look-up has no branch that
 * depends on what a stranger sent.
 */
public final class Octets {
    private static final byte TOKEN = 1;
    private static final byte FIELD_VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte HOST = 8;
    private static final byte PLAIN_IN_PATH = 16;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long DELS = ONES * 0x7f;
    private static final long SPACES = ONES * 0x20;

    private static final byte[] CLASSES = new byte[256];
    private static final byte[] LOWER = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            int bits = 0;
            if (alpha || digit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                bits |= TOKEN;
            }
            // obs-text (0x80–0xFF) is allowed in values, as RFC 9110 §5.5 asks of recipients.
            if (c == '\t' || (c >= 0x20 && c != 0x7f)) {
                bits |= FIELD_VALUE;
            }
            // Browsers send a few characters that RFC 3986 leaves out; a fragment is never sent, and raw 8-bit is
            // refused.
            if (c > 0x20 && c < 0x7f && c != '#') {
                bits |= TARGET;
            }
            if (alpha || digit || "-._~%!$&'()*+,;=:[]".indexOf(c) >= 0) {
                bits |= HOST;
            }
            if (alpha || digit || "-._~!$&'(),:=@".indexOf(c) >= 0) {
                bits |= PLAIN_IN_PATH;
            }
            CLASSES[c] = (byte) bits;
            LOWER[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }

    private Octets() {}

    /** Whether {@code b} may stand in a token (methods, field names). */
    public static boolean isToken(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    /** Whether {@code b} may stand in a field value. */
    public static boolean isFieldValue(byte b) {
        return (CLASSES[b & 0xff] & FIELD_VALUE) != 0;
    }

    /** Whether all bytes may stand in a field value: eight at a time, byte by byte only where a word holds something odd. */
    public static boolean isFieldValue(byte[] bytes, int from, int end) {
        int at = from;
        while (at + 8 <= end) {
            long word = (long) LONGS.get(bytes, at);
            long below = (word - SPACES) & ~word & HIGHS;
            long del = word ^ DELS;
            long equal = (del - ONES) & ~del & HIGHS;
            if ((below | equal) != 0 && !plain(bytes, at, at + 8)) {
                return false;
            }
            at += 8;
        }
        return plain(bytes, at, end);
    }

    private static boolean plain(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!isFieldValue(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code b} may stand in a request target. */
    public static boolean isTarget(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    /** Whether {@code b} may stand in a Host value, port and brackets included. */
    public static boolean isHost(byte b) {
        return (CLASSES[b & 0xff] & HOST) != 0;
    }

    /**
     * Whether {@code b} stands for itself in a path, escaped or not: what RFC 3986 §3.3 allows in a segment, but for {@code ;}, at
     * which some servers end it, {@code +}, which some take for a blank, and {@code *}, which is more than itself in patterns.
     */
    public static boolean isPlainInPath(byte b) {
        return (CLASSES[b & 0xff] & PLAIN_IN_PATH) != 0;
    }

    /** ASCII lower case; other bytes are returned as they are. */
    public static byte lower(byte b) {
        return LOWER[b & 0xff];
    }

    /** The value of a hexadecimal digit, or -1. */
    public static int hexValue(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int l = b | 0x20;
        return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
    }

    /** Whether {@code length} bytes at {@code start} equal {@code lowerCase} when their ASCII case is folded. */
    public static boolean equalsIgnoreCase(byte[] bytes, int start, int length, byte[] lowerCase) {
        if (length != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (LOWER[bytes[start + i] & 0xff] != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list (RFC 9110 §5.6.1) has {@code lowerCase} as one of its members. */
    public static boolean listContains(byte[] bytes, int start, int length, byte[] lowerCase) {
        int end = start + length;
        int at = start;
        while (at < end) {
            int comma = at;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            int from = skipBlank(bytes, at, comma);
            int to = trimBlank(bytes, from, comma);
            if (equalsIgnoreCase(bytes, from, to - from, lowerCase)) {
                return true;
            }
            at = comma + 1;
        }
        return false;
    }

    /** The first position in {@code [start, end)} that holds neither a space nor a tab, or {@code end}. */
    public static int skipBlank(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** The end of {@code [start, end)} without spaces and tabs at its right. */
    public static int trimBlank(byte[] bytes, int start, int end) {
        int at = end;
        while (at > start && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t')) {
            at--;
        }
        return at;
    }

    /** Writes {@code value ≥ 0} in decimal and returns the position behind it; at most 19 bytes are written. */
    public static int writeDecimal(long value, byte[] into, int at) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    /** ASCII bytes of a constant. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A String of the bytes, one character each, as field values are read (ISO-8859-1). */
    public static String string(byte[] bytes, int start, int length) {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }
}
