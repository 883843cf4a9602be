package io.foregate.api.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one head: a contiguous block of bytes plus an index of offsets into it.
 *
 * <p>Every field stands in the block as a line {@code Name: value CRLF}, whether a codec copied it from the wire or a filter
 * appended it, so that a writer can forward a run of untouched neighbours with one copy. Removing a field marks its index
 * entry; replacing one is a removal and an append. No String is made unless someone asks for one.
 *
 * <p>Mutable, owned by one event loop, reused from exchange to exchange through {@link #clear()}. The start line of the
 * head stands in the same block, before the fields; {@link RequestHead} and {@link ResponseHead} know its offsets.
 */
public final class Headers {
    private static final int STRIDE = 4;
    private static final int NAME_LENGTH_BITS = 0xffff;
    private static final int REMOVED = 1 << 31;
    private static final int ID_SHIFT = 16;
    private static final int KEEP_BYTES = 16 * 1024;
    private static final int KEEP_FIELDS = 256;
    private static final int INITIAL_BYTES = 2048;
    private static final int INITIAL_FIELDS = 32;
    private static final long LIMIT_BYTES = 16 * 1024 * 1024;

    // Per field: name start; name length | id << 16 | removed; value start; value length.
    private int[] index = new int[INITIAL_FIELDS * STRIDE];
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int count;
    private int removed;
    private int end;
    private long known;
    private int openValueStart;

    /** Forgets everything; storage is kept unless an unusually large head made it grow. */
    public void clear() {
        if (bytes.length > KEEP_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        if (index.length > KEEP_FIELDS * STRIDE) {
            index = new int[INITIAL_FIELDS * STRIDE];
        }
        count = 0;
        removed = 0;
        end = 0;
        known = 0;
    }

    // ---- reading ----

    /** How many fields there are; a name that occurs twice counts twice. */
    public int size() {
        return count - removed;
    }

    /** The first field's position for the {@code *At} methods, or -1 when there is none. */
    public int first() {
        return next(-1);
    }

    /** The position of the field after {@code position}, or -1. */
    public int next(int position) {
        for (int i = position + 1; i < count; i++) {
            if (index[i * STRIDE + 1] >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Whether there is a field of that name. */
    public boolean contains(HeaderName name) {
        return find(name) >= 0;
    }

    /** The position of the first field of that name, or -1. */
    public int find(HeaderName name) {
        return findNext(name, -1);
    }

    /** The position of the first field of that name after {@code position}, or -1. */
    public int findNext(HeaderName name, int position) {
        int id = name.id;
        if (id != 0) {
            if ((known & (1L << id)) == 0) {
                return -1;
            }
            for (int i = position + 1; i < count; i++) {
                int word = index[i * STRIDE + 1];
                if (word >>> ID_SHIFT == id) {
                    return i;
                }
            }
            return -1;
        }
        for (int i = position + 1; i < count; i++) {
            int at = i * STRIDE;
            int word = index[at + 1];
            // A removed or well-known entry has bits above the length and so never equals a bare length.
            if (word == name.lowerCase.length && Octets.equalsIgnoreCase(bytes, index[at], word, name.lowerCase)) {
                return i;
            }
        }
        return -1;
    }

    /** The first value of that name, or null. Makes a String. */
    public @Nullable String get(HeaderName name) {
        int at = find(name);
        return at < 0 ? null : valueString(at);
    }

    /** The first value of that name, or null. Makes Strings; for extensions, never for the hot path. */
    public @Nullable String get(String name) {
        return get(HeaderName.of(name));
    }

    public int nameStart(int position) {
        return index[position * STRIDE];
    }

    public int nameLength(int position) {
        return index[position * STRIDE + 1] & NAME_LENGTH_BITS;
    }

    /** The well-known id of the field's name, or 0. */
    public int nameId(int position) {
        return (index[position * STRIDE + 1] & ~REMOVED) >>> ID_SHIFT;
    }

    public int valueStart(int position) {
        return index[position * STRIDE + 2];
    }

    public int valueLength(int position) {
        return index[position * STRIDE + 3];
    }

    public String nameString(int position) {
        return Octets.string(bytes, nameStart(position), nameLength(position));
    }

    public String valueString(int position) {
        return Octets.string(bytes, valueStart(position), valueLength(position));
    }

    /** Whether the value at {@code position}, read as a comma-separated list, has that member (lower case). */
    public boolean valueListContains(int position, byte[] lowerCase) {
        return Octets.listContains(bytes, valueStart(position), valueLength(position), lowerCase);
    }

    /** Whether the value at {@code position} equals {@code lowerCase} when ASCII case is folded. */
    public boolean valueEqualsIgnoreCase(int position, byte[] lowerCase) {
        return Octets.equalsIgnoreCase(bytes, valueStart(position), valueLength(position), lowerCase);
    }

    /** Whether any field of that name, all of them read as one list, has that member (lower case). */
    public boolean listContains(HeaderName name, byte[] lowerCase) {
        for (int i = find(name); i >= 0; i = findNext(name, i)) {
            if (valueListContains(i, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    // ---- changing ----

    /**
     * Appends a field.
     *
     * @throws IllegalArgumentException when the value holds a byte that may not stand in one, such as CR, LF or NUL
     */
    public void add(HeaderName name, String value) {
        add(name, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Appends a field whose value is {@code value}, which is copied; throws as {@link #add(HeaderName, String)} does. */
    public void add(HeaderName name, byte[] value) {
        for (byte b : value) {
            if (!Octets.isFieldValue(b)) {
                throw new IllegalArgumentException("the value of " + name + " holds byte 0x"
                        + Integer.toHexString(b & 0xff) + ", which may not stand in a field value");
            }
        }
        begin(name);
        append(value, 0, value.length);
        finish(name);
    }

    /** Removes every field of that name and appends this one. */
    public void set(HeaderName name, byte[] value) {
        remove(name);
        add(name, value);
    }

    /** Removes every field of that name and appends this one. */
    public void set(HeaderName name, String value) {
        remove(name);
        add(name, value);
    }

    /** Removes every field of that name; returns whether there was one. */
    public boolean remove(HeaderName name) {
        boolean any = false;
        for (int i = find(name); i >= 0; i = findNext(name, i)) {
            removeAt(i);
            any = true;
        }
        if (any && name.id != 0) {
            known &= ~(1L << name.id);
        }
        return any;
    }

    /** Removes the field at {@code position}; the positions of others stay as they are. */
    public void removeAt(int position) {
        int at = position * STRIDE + 1;
        if (index[at] >= 0) {
            index[at] |= REMOVED;
            removed++;
        }
    }

    // ---- building a field from parts, without garbage ----

    /** Begins a field; {@code append…} calls make up its value, {@link #finish} ends it. The caller vouches for the bytes. */
    public void begin(HeaderName name) {
        byte[] wire = name.wireName;
        ensure(wire.length + 4);
        System.arraycopy(wire, 0, bytes, end, wire.length);
        int at = end + wire.length;
        bytes[at] = ':';
        bytes[at + 1] = ' ';
        openValueStart = at + 2;
        end = openValueStart;
    }

    public void append(byte[] part, int start, int length) {
        ensure(length + 2);
        System.arraycopy(part, start, bytes, end, length);
        end += length;
    }

    public void append(byte[] part) {
        append(part, 0, part.length);
    }

    /** Appends bytes that stand in this very block, such as another field's value. */
    public void appendOwn(int start, int length) {
        ensure(length + 2);
        System.arraycopy(bytes, start, bytes, end, length);
        end += length;
    }

    public void append(byte b) {
        ensure(3);
        bytes[end++] = b;
    }

    public void appendDecimal(long value) {
        ensure(21);
        end = Octets.writeDecimal(value, bytes, end);
    }

    /** Ends the field that {@link #begin} opened. */
    public void finish(HeaderName name) {
        int valueEnd = end;
        ensure(2);
        bytes[end++] = '\r';
        bytes[end++] = '\n';
        int nameLength = name.wireName.length;
        record(openValueStart - 2 - nameLength, nameLength, name.id, openValueStart, valueEnd - openValueStart);
    }

    // ---- for codecs ----

    /** The block. Valid until the next change. */
    public byte[] array() {
        return bytes;
    }

    /** The end of the used part of the block. */
    public int end() {
        return end;
    }

    /** Makes room for {@code more} bytes after {@link #end()} and returns the block, to be filled there by a codec. */
    public byte[] reserve(int more) {
        ensure(more);
        return bytes;
    }

    /** Declares the block used up to {@code end}: a codec has written, or takes back, bytes at its end. */
    public void end(int end) {
        this.end = end;
    }

    /** Records a field whose line already stands in the block. The codec has validated it. */
    public void record(int nameStart, int nameLength, int valueStart, int valueLength) {
        record(nameStart, nameLength, HeaderName.idOf(bytes, nameStart, nameLength), valueStart, valueLength);
    }

    /** As {@link #record(int, int, int, int)}, for a codec that knows the name's well-known id, or 0, already. */
    public void record(int nameStart, int nameLength, int id, int valueStart, int valueLength) {
        int at = count * STRIDE;
        if (at == index.length) {
            index = Arrays.copyOf(index, index.length * 2);
        }
        index[at] = nameStart;
        index[at + 1] = nameLength | id << ID_SHIFT;
        index[at + 2] = valueStart;
        index[at + 3] = valueLength;
        known |= 1L << id;
        count++;
    }

    /** Replaces the contents by a copy of {@code other}, start line included. */
    public void copyFrom(Headers other) {
        clear();
        ensure(other.end);
        System.arraycopy(other.bytes, 0, bytes, 0, other.end);
        if (index.length < other.count * STRIDE) {
            index = new int[other.index.length];
        }
        System.arraycopy(other.index, 0, index, 0, other.count * STRIDE);
        count = other.count;
        removed = other.removed;
        end = other.end;
        known = other.known;
    }

    private void ensure(int more) {
        long needed = (long) end + more;
        if (needed > bytes.length) {
            grow(needed);
        }
    }

    private void grow(long needed) {
        if (needed > LIMIT_BYTES) {
            throw new IllegalStateException("a head of " + needed + " bytes: its limit was not enforced");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.max(needed, bytes.length * 2L));
    }

    /** The fields as text, one a line; for logs and tests. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = first(); i >= 0; i = next(i)) {
            text.append(nameString(i)).append(": ").append(valueString(i)).append('\n');
        }
        return text.toString();
    }
}
