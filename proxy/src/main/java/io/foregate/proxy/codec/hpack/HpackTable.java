package io.foregate.proxy.codec.hpack;

import java.util.Arrays;

/**
 * A dynamic table (RFC 7541 §2.3.2): entries as lines {@code name: value CRLF} one behind the other in one array, with a ring of
 * offsets into it. Lines are copied in at the end; when the array is used up, those still valid move to its beginning.
 *
 * <p>Grows from nothing as it is used, so that an idle connection that sent a few fields holds a few hundred bytes. Owned by one
 * direction of one connection.
 */
final class HpackTable {
    /** What every entry counts besides name and value (RFC 7541 §4.1). */
    static final int ENTRY_BYTES = 32;

    private static final int LINE_BYTES = 4;
    private static final int NAME_LENGTH_BITS = 0xffff;
    private static final int ID_SHIFT = 16;
    private static final int PSEUDO_SHIFT = 22;
    private static final int VALID = 1 << 26;
    private static final int STRIDE = 3;
    private static final int INITIAL_ENTRIES = 8;
    private static final int INITIAL_BYTES = 512;

    private int[] ring = {};
    private byte[] lines = {};
    private int newest = -1;
    private int count;
    private int inserted;
    private int usedTo;
    private int size;
    private int maxSize;

    HpackTable(int maxSize) {
        this.maxSize = maxSize;
    }

    /** What is known of an entry's name besides its bytes: length, well-known id, pseudo-name, and whether all is well-formed. */
    static int word(int nameLength, int id, int pseudo, boolean valid) {
        return nameLength | id << ID_SHIFT | pseudo << PSEUDO_SHIFT | (valid ? VALID : 0);
    }

    static int nameLength(int word) {
        return word & NAME_LENGTH_BITS;
    }

    static int id(int word) {
        return word >>> ID_SHIFT & 63;
    }

    static int pseudo(int word) {
        return word >>> PSEUDO_SHIFT & 15;
    }

    static boolean valid(int word) {
        return (word & VALID) != 0;
    }

    int count() {
        return count;
    }

    /** Entries added so far, those evicted included; wraps around. */
    int inserted() {
        return inserted;
    }

    int maxSize() {
        return maxSize;
    }

    int size() {
        return size;
    }

    /** Sets the size that entries may have together, and evicts what is beyond. */
    void maxSize(int bytes) {
        maxSize = bytes;
        evictTo(bytes);
    }

    /** The array with the entries' lines; valid until something is added. */
    byte[] lines() {
        return lines;
    }

    // Entry 0 is the newest.
    private int slot(int index) {
        int slots = ring.length / STRIDE;
        int slot = newest - index;
        return (slot < 0 ? slot + slots : slot) * STRIDE;
    }

    int start(int index) {
        return ring[slot(index)];
    }

    int word(int index) {
        return ring[slot(index) + 1];
    }

    int valueLength(int index) {
        return ring[slot(index) + 2];
    }

    /** Adds the line {@code name: value CRLF} that begins at {@code start} of {@code block}; one that is too large empties the table. */
    void add(byte[] block, int start, int word, int valueLength) {
        int nameLength = nameLength(word);
        int needed = nameLength + valueLength + ENTRY_BYTES;
        evictTo(maxSize - needed);
        if (needed > maxSize) {
            return;
        }
        int length = nameLength + valueLength + LINE_BYTES;
        int at = room(length);
        System.arraycopy(block, start, lines, at, length);
        append(at, word, valueLength);
    }

    /** Adds an entry whose line's bytes stand in the table's array already, where {@link #room} said. */
    void append(int at, int word, int valueLength) {
        int slots = ring.length / STRIDE;
        if (count == slots) {
            growRing(slots);
            slots = ring.length / STRIDE;
        }
        newest = newest + 1 == slots ? 0 : newest + 1;
        ring[newest * STRIDE] = at;
        ring[newest * STRIDE + 1] = word;
        ring[newest * STRIDE + 2] = valueLength;
        count++;
        inserted++;
        size += nameLength(word) + valueLength + ENTRY_BYTES;
        usedTo = at + nameLength(word) + valueLength + LINE_BYTES;
    }

    /** Evicts from the oldest on until entries have {@code bytes} at the most. */
    void evictTo(int bytes) {
        while (count > 0 && size > bytes) {
            int oldest = slot(count - 1);
            size -= nameLength(ring[oldest + 1]) + ring[oldest + 2] + ENTRY_BYTES;
            count--;
        }
        if (count == 0) {
            usedTo = 0;
        }
    }

    /** Where a line of that length can be written in {@link #lines()}. */
    int room(int length) {
        if (usedTo + length <= lines.length) {
            return usedTo;
        }
        int from = count == 0 ? usedTo : start(count - 1);
        int live = usedTo - from;
        byte[] target = lines;
        // Twice what is needed, so that entries are moved once for each time that all of them were replaced.
        if ((live + length) * 2 > target.length) {
            target = new byte[Math.max(INITIAL_BYTES, Integer.highestOneBit((live + length) * 2 - 1) * 2)];
        }
        System.arraycopy(lines, from, target, 0, live);
        lines = target;
        for (int i = 0; i < count; i++) {
            ring[slot(i)] -= from;
        }
        usedTo = live;
        return live;
    }

    private void growRing(int slots) {
        int[] grown = new int[Math.max(INITIAL_ENTRIES, slots * 2) * STRIDE];
        for (int i = 0; i < count; i++) {
            System.arraycopy(ring, slot(count - 1 - i), grown, i * STRIDE, STRIDE);
        }
        ring = grown;
        newest = count - 1;
    }

    /** Whether the entry's name and value are those bytes. */
    boolean valueEquals(int index, byte[] block, int valueStart, int valueLength) {
        int slot = slot(index);
        int from = ring[slot] + nameLength(ring[slot + 1]) + 2;
        return ring[slot + 2] == valueLength
                && Arrays.equals(lines, from, from + valueLength, block, valueStart, valueStart + valueLength);
    }
}
