package io.foregate.proxy.codec.hpack;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;

/**
 * Decodes field sections (RFC 7541 §6) into the block of a head, as lines {@code name: value CRLF} which every other part of
 * Foregate reads and HTTP/1 sends as they are.
 *
 * <p>What a name or a value may hold is checked on the way (RFC 9113 §8.2.1), for an entry of the dynamic table once only. A section
 * that breaks these rules, or is too large, is decoded to its end all the same, because the dynamic table has to go along; only
 * broken compression ends a connection. What is beyond the limits is not kept, so a few bytes can't become a large head.
 *
 * <p>Owned by one connection.
 */
public final class HpackDecoder {
    /** What a section came to. */
    public enum Result {
        OK,
        /** Not to be understood as a message: a matter of its stream (RFC 9113 §8.1.1). */
        MALFORMED,
        /** More bytes or fields than allowed. */
        TOO_LARGE,
        /** The compression is broken, and the connection with it (RFC 9113 §4.3). */
        BROKEN
    }

    /** Takes the fields that begin with a colon. */
    public interface PseudoFields {
        /** A value in the block; {@code name} is one of {@link PseudoName}. Returns whether it may stand there. */
        boolean pseudo(int name, int valueStart, int valueLength);
    }

    private static final int MAX_INTEGER = 1 << 24;
    private static final int MAX_NAME_BYTES = 0xffff;
    private static final byte[] NOTHING = {};
    private static final Headers NO_BLOCK = new Headers();
    private static final PseudoFields NO_PSEUDO_FIELDS = (name, start, length) -> false;
    private static final byte[] NAME_BYTES = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean upper = c >= 'A' && c <= 'Z';
            NAME_BYTES[c] = (byte) (Octets.isToken((byte) c) && !upper ? 1 : 0);
        }
    }

    private final int maxBytes;
    private final int maxFields;
    private final HpackTable table;
    private int maxTableBytes;
    private boolean updateDue;
    // Of the section being decoded.
    private byte[] in = NOTHING;
    private Headers block = NO_BLOCK;
    private PseudoFields pseudoFields = NO_PSEUDO_FIELDS;
    private int at;
    private int end;
    private int bytes;
    private int fields;
    private boolean regular;
    private boolean malformed;
    private boolean tooLarge;

    /**
     * @param maxTableBytes of the dynamic table, as announced to the peer, or 4096 until that is acknowledged
     * @param maxBytes of all lines of a section
     * @param maxFields of a section, pseudo-fields included
     */
    public HpackDecoder(int maxTableBytes, int maxBytes, int maxFields) {
        this.maxTableBytes = maxTableBytes;
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
        this.table = new HpackTable(maxTableBytes);
    }

    /** The peer has acknowledged this size; if it is below what the table has, its next section has to say so (RFC 7541 §4.2). */
    public void maxTableBytes(int acknowledged) {
        updateDue = acknowledged < table.maxSize();
        maxTableBytes = acknowledged;
    }

    /** Lines that the last section had together, those that were not kept included. */
    public int decodedBytes() {
        return bytes;
    }

    /** Fields that the last section had. */
    public int decodedFields() {
        return fields;
    }

    /** Decodes the section {@code [start, stop)} of {@code section} into {@code into}, whose pseudo-fields go to {@code pseudo}. */
    public Result decode(byte[] section, int start, int stop, Headers into, PseudoFields pseudo) {
        in = section;
        block = into;
        pseudoFields = pseudo;
        at = start;
        end = stop;
        bytes = 0;
        fields = 0;
        regular = false;
        malformed = false;
        tooLarge = false;
        boolean first = true;
        boolean intact = true;
        while (intact && at < end) {
            int b = in[at++];
            if (b < 0) {
                int index = integer(b & 0x7f, 0x7f);
                intact = !(first && updateDue) && indexed(index);
            } else if ((b & 0x60) == 0x20) {
                intact = first && resize(integer(b & 0x1f, 0x1f));
                continue;
            } else {
                boolean adds = (b & 0x40) != 0;
                int nameIndex = adds ? integer(b & 0x3f, 0x3f) : integer(b & 0x0f, 0x0f);
                intact = !(first && updateDue) && literal(nameIndex, adds, into);
            }
            first = false;
        }
        in = NOTHING;
        block = NO_BLOCK;
        pseudoFields = NO_PSEUDO_FIELDS;
        if (!intact) {
            return Result.BROKEN;
        }
        return tooLarge ? Result.TOO_LARGE : malformed ? Result.MALFORMED : Result.OK;
    }

    private boolean resize(int size) {
        if (size < 0 || size > maxTableBytes) {
            return false;
        }
        updateDue = false;
        table.maxSize(size);
        return true;
    }

    /** RFC 7541 §5.1; -1 when it does not end within the section, or is larger than anything here can be. */
    private int integer(int prefix, int mask) {
        if (prefix < mask) {
            return prefix;
        }
        int value = mask;
        for (int shift = 0; shift <= 21 && at < end; shift += 7) {
            int b = in[at++];
            value += (b & 0x7f) << shift;
            if (b >= 0) {
                return value <= MAX_INTEGER ? value : -1;
            }
        }
        return -1;
    }

    private boolean indexed(int index) {
        if (index <= 0) {
            return false;
        }
        if (index <= StaticTable.SIZE) {
            int word = StaticTable.WORD[index];
            copy(StaticTable.LINES, StaticTable.START[index], word, StaticTable.VALUE_LENGTH[index]);
            return true;
        }
        int entry = index - StaticTable.SIZE - 1;
        if (entry >= table.count()) {
            return false;
        }
        copy(table.lines(), table.start(entry), table.word(entry), table.valueLength(entry));
        return true;
    }

    private void copy(byte[] lines, int start, int word, int valueLength) {
        int length = HpackTable.nameLength(word) + valueLength + 4;
        if (!counts(length)) {
            return;
        }
        Headers into = block;
        int to = into.end();
        System.arraycopy(lines, start, into.reserve(length), to, length);
        into.end(to + length);
        field(into, to, word, valueLength);
    }

    /** Counts a field; returns whether it is within the limits, and kept. */
    private boolean counts(int length) {
        bytes += length;
        fields++;
        if (bytes > maxBytes || fields > maxFields) {
            tooLarge = true;
        }
        return !tooLarge;
    }

    private boolean literal(int nameIndex, boolean adds, Headers into) {
        if (nameIndex < 0) {
            return false;
        }
        int line = into.end();
        int nameEnd;
        int word;
        if (nameIndex == 0) {
            nameEnd = string(into, line);
            word = nameEnd < 0 ? -1 : newName(into.array(), line, nameEnd);
        } else {
            word = knownName(nameIndex, into, line);
            nameEnd = line + HpackTable.nameLength(word);
        }
        if (word < 0) {
            return false;
        }
        byte[] block = into.reserve(2);
        block[nameEnd] = ':';
        block[nameEnd + 1] = ' ';
        int valueStart = nameEnd + 2;
        into.end(valueStart);
        int valueEnd = string(into, valueStart);
        if (valueEnd < 0) {
            return false;
        }
        block = into.reserve(2);
        block[valueEnd] = '\r';
        block[valueEnd + 1] = '\n';
        int valueLength = valueEnd - valueStart;
        if (nameEnd - line > MAX_NAME_BYTES) {
            // Beyond any table, too.
            table.evictTo(adds ? 0 : table.size());
            tooLarge = true;
            into.end(line);
            counts(valueEnd - line);
            return true;
        }
        if (!validValue(block, valueStart, valueEnd)) {
            word = HpackTable.word(HpackTable.nameLength(word), HpackTable.id(word), HpackTable.pseudo(word), false);
        }
        if (adds) {
            table.add(block, line, word, valueLength);
        }
        if (counts(valueEnd + 2 - line)) {
            into.end(valueEnd + 2);
            field(into, line, word, valueLength);
        } else {
            into.end(line);
        }
        return true;
    }

    private int knownName(int index, Headers into, int line) {
        int word;
        byte[] lines;
        int start;
        if (index <= StaticTable.SIZE) {
            word = StaticTable.WORD[index];
            lines = StaticTable.LINES;
            start = StaticTable.START[index];
        } else {
            int entry = index - StaticTable.SIZE - 1;
            if (entry >= table.count()) {
                return -1;
            }
            int stored = table.word(entry);
            // Invalid may be its value only, and the name decides again.
            word = stored;
            lines = table.lines();
            start = table.start(entry);
            if (!HpackTable.valid(stored)) {
                word = newName(lines, start, start + HpackTable.nameLength(stored));
            }
        }
        int length = HpackTable.nameLength(word);
        System.arraycopy(lines, start, into.reserve(length + 4), line, length);
        return word;
    }

    private static int newName(byte[] block, int start, int end) {
        int length = end - start;
        int pseudo = PseudoName.of(block, start, length);
        if (pseudo != 0) {
            return HpackTable.word(length & MAX_NAME_BYTES, 0, pseudo, true);
        }
        int good = length == 0 ? 0 : 1;
        for (int i = start; i < end; i++) {
            good &= NAME_BYTES[block[i] & 0xff];
        }
        int id = good == 0 ? 0 : HeaderName.idOf(block, start, length);
        return HpackTable.word(length & MAX_NAME_BYTES, id, 0, good != 0);
    }

    private static boolean validValue(byte[] block, int start, int end) {
        if (start == end) {
            return true;
        }
        byte first = block[start];
        byte last = block[end - 1];
        return first != ' ' && first != '\t' && last != ' ' && last != '\t' && Octets.isFieldValue(block, start, end);
    }

    /** Decodes a string (RFC 7541 §5.2) to the block's position {@code to}, declared used up to it; returns its end, or -1. */
    private int string(Headers into, int to) {
        if (at == end) {
            return -1;
        }
        int b = in[at++];
        int length = integer(b & 0x7f, 0x7f);
        if (length < 0 || length > end - at) {
            return -1;
        }
        int from = at;
        at += length;
        int stringEnd;
        if (b >= 0) {
            System.arraycopy(in, from, into.reserve(length + 4), to, length);
            stringEnd = to + length;
        } else {
            byte[] block = into.reserve(Huffman.maxDecodedLength(length) + 4);
            stringEnd = Huffman.decode(in, from, at, block, to);
        }
        if (stringEnd >= 0) {
            into.end(stringEnd);
        }
        return stringEnd;
    }

    private void field(Headers into, int line, int word, int valueLength) {
        int nameLength = HpackTable.nameLength(word);
        int pseudoName = HpackTable.pseudo(word);
        if (!HpackTable.valid(word)) {
            malformed = true;
        } else if (pseudoName != 0) {
            malformed |= regular || !pseudoFields.pseudo(pseudoName, line + nameLength + 2, valueLength);
        } else {
            regular = true;
            into.record(line, nameLength, HpackTable.id(word), line + nameLength + 2, valueLength);
        }
    }
}
