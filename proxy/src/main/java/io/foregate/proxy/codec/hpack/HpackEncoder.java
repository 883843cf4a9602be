package io.foregate.proxy.codec.hpack;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Encodes field sections (RFC 7541 §6) from the block of a head into an array.
 *
 * <p>A field gets into the dynamic table when it is seen for the second time, so that what differs from message to message pushes
 * nothing out. What a stranger could guess at (RFC 7541 §7.1) is never indexed, and what is different each time isn't tried.
 * Short values go out as they are: their Huffman code would save less than it costs.
 *
 * <p>Owned by one connection. Makes no garbage once its table has grown.
 */
public final class HpackEncoder {
    /** The most that the dynamic table uses of what the peer offers. */
    public static final int MAX_TABLE_BYTES = 4096;

    private static final int HUFFMAN_FROM_BYTES = 48;
    private static final int SLOTS = 128;
    private static final int MAX_INDEXED_BYTES = 512;
    private static final byte[] AUTHORITY = Octets.ascii(":authority");
    private static final byte[] DATE = Octets.ascii("date");
    private static final byte[] PROTOCOL = Octets.ascii(":protocol");
    /** What a field can take besides its bytes: a prefix byte, and the lengths of name and value. */
    private static final int FIELD_BYTES = 10;

    private static final int SECTION_BYTES = 24;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private static final byte INDEX = 0;
    private static final byte LITERAL = 1;
    private static final byte NEVER_INDEX = 2;
    /** Belongs to HTTP/1's connections, or goes out as a pseudo-field. */
    private static final byte DROP = 3;

    private static final byte[] POLICY = new byte[64];

    static {
        policy(
                LITERAL,
                HeaderName.CONTENT_LENGTH,
                HeaderName.X_REQUEST_ID,
                HeaderName.X_FORWARDED_FOR,
                HeaderName.X_REAL_IP,
                HeaderName.FORWARDED,
                HeaderName.CONTENT_RANGE,
                HeaderName.RANGE,
                HeaderName.IF_RANGE,
                HeaderName.IF_MATCH,
                HeaderName.IF_NONE_MATCH,
                HeaderName.IF_MODIFIED_SINCE,
                HeaderName.ETAG,
                HeaderName.LAST_MODIFIED,
                HeaderName.AGE,
                HeaderName.LOCATION,
                HeaderName.REFERER,
                HeaderName.SEC_WEBSOCKET_KEY);
        policy(
                NEVER_INDEX,
                HeaderName.AUTHORIZATION,
                HeaderName.PROXY_AUTHORIZATION,
                HeaderName.PROXY_AUTHENTICATE,
                HeaderName.COOKIE,
                HeaderName.SET_COOKIE);
        policy(
                DROP,
                HeaderName.HOST,
                HeaderName.CONNECTION,
                HeaderName.KEEP_ALIVE,
                HeaderName.PROXY_CONNECTION,
                HeaderName.TRANSFER_ENCODING,
                HeaderName.UPGRADE,
                HeaderName.HTTP2_SETTINGS,
                HeaderName.TE);
    }

    private static void policy(byte policy, HeaderName... names) {
        for (HeaderName name : names) {
            POLICY[name.id()] = policy;
        }
    }

    private final boolean indexesUnknownNames;
    private final HpackTable table = new HpackTable(MAX_TABLE_BYTES);
    private long[] hashes = {};
    private int[] numbers = {};
    private int tableSize = MAX_TABLE_BYTES;
    private int smallestSize = MAX_TABLE_BYTES;
    private boolean resized;
    // The name of the field being written, as it came, and its entry in the static table.
    private byte[] nameBytes = {};
    private int nameStart;
    private int nameLength;
    private int nameIndex;
    private byte[] out = {};
    private int to;

    /**
     * @param indexesUnknownNames whether fields that Foregate doesn't know may be indexed: not where several clients share a
     *     connection, since one could then guess at another's secrets
     */
    public HpackEncoder(boolean indexesUnknownNames) {
        this.indexesUnknownNames = indexesUnknownNames;
    }

    /** The peer's SETTINGS_HEADER_TABLE_SIZE. Takes effect, and is told, with the next section. */
    public void peerTableBytes(long bytes) {
        int size = (int) Math.min(bytes, MAX_TABLE_BYTES);
        if (size != tableSize) {
            tableSize = size;
            smallestSize = Math.min(smallestSize, size);
            resized = true;
        }
    }

    /** The most bytes that a section with these fields takes, pseudo-fields not counted. */
    public static int maxLength(Headers headers) {
        return headers.end() + headers.size() * FIELD_BYTES + SECTION_BYTES;
    }

    /** Begins a section at {@code at} of {@code into}, which has room for all of it. */
    public void begin(byte[] into, int at) {
        out = into;
        to = at;
        if (resized) {
            resized = false;
            if (smallestSize < tableSize) {
                integer(0x20, 0x1f, smallestSize);
                table.maxSize(smallestSize);
            }
            integer(0x20, 0x1f, tableSize);
            table.maxSize(tableSize);
            smallestSize = tableSize;
        }
        if (hashes.length == 0) {
            hashes = new long[SLOTS];
            numbers = new int[SLOTS];
        }
    }

    /** Ends the section; returns where. */
    public int end() {
        return to;
    }

    /** {@code :status}, 100 to 599. */
    public void status(int status) {
        int index = switch (status) {
            case 200 -> 8;
            case 204 -> 9;
            case 206 -> 10;
            case 304 -> 11;
            case 400 -> 12;
            case 404 -> 13;
            case 500 -> 14;
            default -> 0;
        };
        if (index != 0) {
            out[to++] = (byte) (0x80 | index);
            return;
        }
        out[to++] = 8;
        out[to++] = 3;
        out[to++] = (byte) ('0' + status / 100);
        out[to++] = (byte) ('0' + status / 10 % 10);
        out[to++] = (byte) ('0' + status % 10);
    }

    /** A pseudo-field of a request: one of {@link PseudoName}, with bytes of the head's block. */
    public void pseudo(int name, byte[] block, int start, int length) {
        switch (name) {
            case PseudoName.METHOD -> method(block, start, length);
            case PseudoName.SCHEME -> out[to++] = (byte) (length == 5 ? 0x87 : 0x86);
            case PseudoName.PATH -> {
                if (length == 1 && block[start] == '/') {
                    out[to++] = (byte) 0x84;
                } else {
                    out[to++] = 4;
                    string(block, start, length);
                }
            }
            case PseudoName.AUTHORITY -> {
                nameBytes = AUTHORITY;
                nameStart = 0;
                nameLength = AUTHORITY.length;
                nameIndex = 1;
                int word = HpackTable.word(nameLength, 0, PseudoName.AUTHORITY, true);
                indexable(hash(-1, block, start, length), word, block, start, length);
            }
            case PseudoName.PROTOCOL -> {
                out[to++] = 0;
                string(PROTOCOL, 0, PROTOCOL.length);
                string(block, start, length);
            }
            default -> throw new IllegalArgumentException("no pseudo-field of a request: " + name);
        }
    }

    private void method(byte[] block, int start, int length) {
        boolean get = length == 3 && block[start] == 'G' && block[start + 1] == 'E' && block[start + 2] == 'T';
        boolean post = length == 4
                && block[start] == 'P'
                && block[start + 1] == 'O'
                && block[start + 2] == 'S'
                && block[start + 3] == 'T';
        if (get || post) {
            out[to++] = (byte) (get ? 0x82 : 0x83);
        } else {
            out[to++] = 2;
            string(block, start, length);
        }
    }

    /** Every field but those that only HTTP/1's connections have. */
    public void fields(Headers headers) {
        byte[] block = headers.array();
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            int id = headers.nameId(i);
            nameBytes = block;
            nameStart = headers.nameStart(i);
            nameLength = headers.nameLength(i);
            nameIndex = StaticTable.indexOf(id);
            int valueStart = headers.valueStart(i);
            int valueLength = headers.valueLength(i);
            switch (POLICY[id]) {
                case INDEX -> {
                    if (id != 0) {
                        int word = HpackTable.word(nameLength, id, 0, true);
                        indexable(hash(id, block, valueStart, valueLength), word, block, valueStart, valueLength);
                    } else {
                        unknown(block, valueStart, valueLength);
                    }
                }
                case LITERAL -> literal(0, block, valueStart, valueLength);
                case NEVER_INDEX -> literal(0x10, block, valueStart, valueLength);
                default -> {}
            }
        }
    }

    /** A field of our own, whose name is in lower case; it isn't added to the table. */
    public void field(byte[] name, byte[] value) {
        nameIndex = 0;
        nameBytes = name;
        nameStart = 0;
        nameLength = name.length;
        literal(0, value, 0, value.length);
    }

    /** A Date field. */
    public void date(byte[] value) {
        int id = HeaderName.DATE.id();
        nameIndex = StaticTable.indexOf(id);
        nameBytes = DATE;
        nameStart = 0;
        nameLength = DATE.length;
        indexable(hash(id, value, 0, value.length), HpackTable.word(nameLength, id, 0, true), value, 0, value.length);
    }

    private void unknown(byte[] block, int valueStart, int valueLength) {
        if (!indexesUnknownNames || nameLength > MAX_INDEXED_BYTES) {
            literal(0, block, valueStart, valueLength);
            return;
        }
        long seed = nameLength;
        for (int i = nameStart; i < nameStart + nameLength; i++) {
            seed = seed * 31 + Octets.lower(block[i]);
        }
        int word = HpackTable.word(nameLength, 0, 0, true);
        indexable(hash(seed, block, valueStart, valueLength), word, block, valueStart, valueLength);
    }

    /** A field that isn't added to the table. */
    private void literal(int pattern, byte[] block, int valueStart, int valueLength) {
        integer(pattern, 0x0f, nameIndex);
        if (nameIndex == 0) {
            name();
        }
        string(block, valueStart, valueLength);
    }

    /** A field that the table has, or gets when it is seen again. */
    private void indexable(long hash, int word, byte[] block, int valueStart, int valueLength) {
        int slot = (int) (hash >>> 57);
        int age = table.inserted() - 1 - numbers[slot];
        if (hashes[slot] != hash) {
            hashes[slot] = hash;
            numbers[slot] = table.inserted() - 1 - table.count();
            literal(0, block, valueStart, valueLength);
        } else if (age >= 0
                && age < table.count()
                && table.word(age) == word
                && (HpackTable.id(word) != 0 || HpackTable.pseudo(word) != 0 || sameName(table.start(age)))
                && table.valueEquals(age, block, valueStart, valueLength)) {
            integer(0x80, 0x7f, StaticTable.SIZE + 1 + age);
        } else if (add(word, block, valueStart, valueLength)) {
            numbers[slot] = table.inserted() - 1;
            integer(0x40, 0x3f, nameIndex);
            if (nameIndex == 0) {
                name();
            }
            string(block, valueStart, valueLength);
        } else {
            literal(0, block, valueStart, valueLength);
        }
    }

    private boolean sameName(int start) {
        byte[] lines = table.lines();
        for (int i = 0; i < nameLength; i++) {
            if (lines[start + i] != Octets.lower(nameBytes[nameStart + i])) {
                return false;
            }
        }
        return true;
    }

    private boolean add(int word, byte[] block, int valueStart, int valueLength) {
        int needed = nameLength + valueLength + HpackTable.ENTRY_BYTES;
        if (valueLength > MAX_INDEXED_BYTES || needed > table.maxSize() / 2) {
            return false;
        }
        table.evictTo(table.maxSize() - needed);
        int start = table.room(nameLength + valueLength + 4);
        byte[] lines = table.lines();
        int at = start;
        for (int i = 0; i < nameLength; i++) {
            lines[at++] = Octets.lower(nameBytes[nameStart + i]);
        }
        lines[at] = ':';
        lines[at + 1] = ' ';
        System.arraycopy(block, valueStart, lines, at + 2, valueLength);
        at += 2 + valueLength;
        lines[at] = '\r';
        lines[at + 1] = '\n';
        table.append(start, word, valueLength);
        return true;
    }

    private static long hash(long seed, byte[] block, int start, int length) {
        long hash = (seed * 31 + length + 1) * MULTIPLIER;
        int end = start + length;
        int at = start;
        while (at + 8 <= end) {
            hash = (hash ^ (long) LONGS.get(block, at)) * MULTIPLIER;
            hash ^= hash >>> 32;
            at += 8;
        }
        long rest = 0;
        while (at < end) {
            rest = rest << 8 | block[at++] & 0xff;
        }
        hash = (hash ^ rest) * MULTIPLIER;
        return hash ^ hash >>> 29;
    }

    private void name() {
        integer(0, 0x7f, nameLength);
        int from = nameStart;
        for (int i = 0; i < nameLength; i++) {
            out[to + i] = Octets.lower(nameBytes[from + i]);
        }
        to += nameLength;
    }

    private void string(byte[] block, int start, int length) {
        if (length >= HUFFMAN_FROM_BYTES) {
            int encoded = Huffman.encodedLength(block, start, length);
            if (encoded < length) {
                integer(0x80, 0x7f, encoded);
                to = Huffman.encode(block, start, length, out, to);
                return;
            }
        }
        integer(0, 0x7f, length);
        System.arraycopy(block, start, out, to, length);
        to += length;
    }

    /** RFC 7541 §5.1. */
    private void integer(int pattern, int mask, int value) {
        if (value < mask) {
            out[to++] = (byte) (pattern | value);
            return;
        }
        out[to++] = (byte) (pattern | mask);
        int rest = value - mask;
        while (rest >= 0x80) {
            out[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[to++] = (byte) rest;
    }
}
