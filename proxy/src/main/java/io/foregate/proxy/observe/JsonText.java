package io.foregate.proxy.observe;

import io.foregate.api.message.Octets;

/**
 * Writes values as the inside of JSON strings (RFC 8259 §7) that are valid UTF-8 and stay on one line whatever a stranger sent.
 *
 * <p>Escaped are quotation mark, backslash, all control characters (C1 too, which terminals obey), the separators U+2028 and
 * U+2029, at which some readers break lines, and the marks that turn the direction of text, with which a line can be made to
 * look like another. A byte that is not part of well-formed UTF-8 (Unicode table 3-7) becomes U+FFFD.
 *
 * <p>Every method takes the bytes that the written value may have; a longer one is cut between characters and ends in
 * U+2026. Stateless; no garbage.
 */
final class JsonText {
    private static final byte[] CUT = {(byte) 0xe2, (byte) 0x80, (byte) 0xa6};
    private static final byte[] HEX = Octets.ascii("0123456789abcdef");
    private static final byte[] SHORT_ESCAPE = new byte[128];
    private static final int REPLACEMENT = 0xfffd;
    private static final int ESCAPE_BYTES = 6;

    static {
        SHORT_ESCAPE['"'] = '"';
        SHORT_ESCAPE['\\'] = '\\';
        SHORT_ESCAPE['\b'] = 'b';
        SHORT_ESCAPE['\f'] = 'f';
        SHORT_ESCAPE['\n'] = 'n';
        SHORT_ESCAPE['\r'] = 'r';
        SHORT_ESCAPE['\t'] = 't';
    }

    private JsonText() {}

    /** Writes bytes that claim to be UTF-8, in at most {@code maxBytes}. */
    static void put(ByteSink sink, byte[] from, int start, int length, int maxBytes) {
        int end = start + length;
        sink.limitTo(maxBytes - CUT.length);
        int at = start + CleanBytes.copy(from, start, end, sink, ' ');
        while (at < end) {
            int character = decode(from, at, end);
            boolean broken = character < 0;
            if (!putCharacter(sink, broken ? REPLACEMENT : character, broken)) {
                sink.put(CUT);
                return;
            }
            at += broken ? 1 : size(character);
            at += CleanBytes.copy(from, at, end, sink, ' ');
        }
    }

    /** Writes text, in at most {@code maxBytes}; half a surrogate pair becomes U+FFFD. */
    static void put(ByteSink sink, String text, int maxBytes) {
        sink.limitTo(maxBytes - CUT.length);
        int end = text.length();
        int at = 0;
        while (at < end) {
            int character = text.codePointAt(at);
            boolean half = character >= 0xd800 && character <= 0xdfff;
            if (!putCharacter(sink, half ? REPLACEMENT : character, half)) {
                sink.put(CUT);
                return;
            }
            at += Character.charCount(character);
        }
    }

    private static boolean putCharacter(ByteSink sink, int character, boolean forceEscape) {
        byte[] into = sink.array();
        int to = sink.position();
        if (forceEscape || mustEscape(character)) {
            byte letter = character < 128 ? SHORT_ESCAPE[character] : 0;
            int size = letter != 0 ? 2 : ESCAPE_BYTES;
            if (to + size > sink.limit()) {
                return false;
            }
            into[to] = '\\';
            if (letter != 0) {
                into[to + 1] = letter;
            } else {
                into[to + 1] = 'u';
                into[to + 2] = HEX[(character >> 12) & 15];
                into[to + 3] = HEX[(character >> 8) & 15];
                into[to + 4] = HEX[(character >> 4) & 15];
                into[to + 5] = HEX[character & 15];
            }
            sink.position(to + size);
            return true;
        }
        int size = size(character);
        if (to + size > sink.limit()) {
            return false;
        }
        encode(character, size, into, to);
        sink.position(to + size);
        return true;
    }

    private static boolean mustEscape(int character) {
        if (character < 0x80) {
            return character < 0x20 || character == '"' || character == '\\' || character == 0x7f;
        }
        return character < 0xa0
                || (character >= 0x2028 && character <= 0x202e)
                || (character >= 0x2066 && character <= 0x2069);
    }

    private static int size(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    private static void encode(int character, int size, byte[] into, int to) {
        if (size == 1) {
            into[to] = (byte) character;
            return;
        }
        int rest = character;
        for (int i = to + size - 1; i > to; i--) {
            into[i] = (byte) (0x80 | (rest & 0x3f));
            rest >>= 6;
        }
        into[to] = (byte) ((0xf00 >> size) | rest);
    }

    /** The character at {@code at}, or -1 where none well-formed begins. */
    private static int decode(byte[] from, int at, int end) {
        int first = from[at] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
        if (more == 0 || end - at <= more) {
            return -1;
        }
        int character = first & (0x3f >> more);
        for (int i = 1; i <= more; i++) {
            int next = from[at + i];
            if ((next & 0xc0) != 0x80) {
                return -1;
            }
            character = (character << 6) | (next & 0x3f);
        }
        // Overlong forms, surrogates and what is beyond Unicode: the lengths must agree both ways.
        boolean wellFormed = size(character) == more + 1
                && !(character >= 0xd800 && character <= 0xdfff)
                && character <= Character.MAX_CODE_POINT;
        return wellFormed ? character : -1;
    }
}
