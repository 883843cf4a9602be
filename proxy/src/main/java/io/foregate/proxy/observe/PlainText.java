package io.foregate.proxy.observe;

import io.foregate.api.message.Octets;

/**
 * Writes values into lines of plain text as nginx and Apache do: whatever is not printable ASCII, and quotation mark and
 * backslash, becomes {@code \xHH}, so that no value can end its field or its line.
 *
 * <p>Every method takes the bytes that the written value may have; a longer one is cut and ends in three dots. Stateless;
 * no garbage.
 */
final class PlainText {
    private static final byte[] CUT = {'.', '.', '.'};
    private static final byte[] HEX = Octets.ascii("0123456789ABCDEF");
    private static final int ESCAPE_BYTES = 4;

    private PlainText() {}

    /** Writes what stands between quotation marks. */
    static void putQuoted(ByteSink sink, byte[] from, int start, int length, int maxBytes) {
        sink.limitTo(maxBytes - CUT.length);
        put(sink, from, start, start + length, ' ');
    }

    /** Writes what ends at the next space, so spaces are escaped as well. */
    static void putWord(ByteSink sink, byte[] from, int start, int length, int maxBytes) {
        sink.limitTo(maxBytes - CUT.length);
        put(sink, from, start, start + length, '!');
    }

    private static void put(ByteSink sink, byte[] from, int start, int end, char lowest) {
        int at = start + CleanBytes.copy(from, start, end, sink, lowest);
        while (at < end) {
            if (!putByte(sink, from[at] & 0xff, lowest)) {
                sink.put(CUT);
                return;
            }
            at++;
            at += CleanBytes.copy(from, at, end, sink, lowest);
        }
    }

    /** Writes text; characters beyond ASCII become the escapes of their UTF-8, or {@code ?} for half a surrogate pair. */
    static void putQuoted(ByteSink sink, String text, int maxBytes) {
        sink.limitTo(maxBytes - CUT.length);
        int end = text.length();
        int at = 0;
        while (at < end) {
            int character = text.codePointAt(at);
            if (!putCharacter(sink, character)) {
                sink.put(CUT);
                return;
            }
            at += Character.charCount(character);
        }
    }

    private static boolean putCharacter(ByteSink sink, int character) {
        if (character < 0x80) {
            return putByte(sink, character, ' ');
        }
        if (character >= 0xd800 && character <= 0xdfff) {
            return putByte(sink, '?', ' ');
        }
        int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
        if (sink.position() + ESCAPE_BYTES * (more + 1) > sink.limit()) {
            return false;
        }
        putEscape(sink, ((0x780 >> more) | (character >> (6 * more))) & 0xff);
        for (int shift = 6 * (more - 1); shift >= 0; shift -= 6) {
            putEscape(sink, 0x80 | ((character >> shift) & 0x3f));
        }
        return true;
    }

    private static boolean putByte(ByteSink sink, int value, char lowest) {
        boolean plain = value >= lowest && value < 0x7f && value != '"' && value != '\\';
        if (sink.position() + (plain ? 1 : ESCAPE_BYTES) > sink.limit()) {
            return false;
        }
        if (plain) {
            sink.put((char) value);
        } else {
            putEscape(sink, value);
        }
        return true;
    }

    private static void putEscape(ByteSink sink, int value) {
        byte[] into = sink.array();
        int to = sink.position();
        into[to] = '\\';
        into[to + 1] = 'x';
        into[to + 2] = HEX[value >> 4];
        into[to + 3] = HEX[value & 15];
        sink.position(to + ESCAPE_BYTES);
    }
}
