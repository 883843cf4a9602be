package io.foregate.proxy.codec.h2;

import org.jspecify.annotations.Nullable;

/** The streams of a connection by their identifiers: open addressing, no boxes. Owned by its connection. */
final class StreamTable {
    private static final int INITIAL_SLOTS = 8;

    private @Nullable Http2Stream[] slots = new @Nullable Http2Stream[INITIAL_SLOTS];
    private int size;

    int size() {
        return size;
    }

    // Identifiers of one side differ by two, so half of them fill the table one after the other.
    private static int slot(int id, int mask) {
        return (id >>> 1) & mask;
    }

    @Nullable
    Http2Stream get(int id) {
        int mask = slots.length - 1;
        int at = slot(id, mask);
        for (Http2Stream stream = slots[at]; stream != null; stream = slots[at]) {
            if (stream.id() == id) {
                return stream;
            }
            at = (at + 1) & mask;
        }
        return null;
    }

    void put(Http2Stream stream) {
        if (size * 2 >= slots.length) {
            grow();
        }
        insert(stream);
        size++;
    }

    private void insert(Http2Stream stream) {
        int mask = slots.length - 1;
        int at = slot(stream.id(), mask);
        while (slots[at] != null) {
            at = (at + 1) & mask;
        }
        slots[at] = stream;
    }

    private void grow() {
        @Nullable Http2Stream[] old = slots;
        slots = new @Nullable Http2Stream[old.length * 2];
        for (Http2Stream stream : old) {
            if (stream != null) {
                insert(stream);
            }
        }
    }

    void remove(Http2Stream stream) {
        int mask = slots.length - 1;
        int at = slot(stream.id(), mask);
        while (slots[at] != stream) {
            if (slots[at] == null) {
                return;
            }
            at = (at + 1) & mask;
        }
        size--;
        // Those behind move up, so that no look-up ends at the gap.
        int gap = at;
        while (true) {
            at = (at + 1) & mask;
            Http2Stream next = slots[at];
            if (next == null) {
                slots[gap] = null;
                return;
            }
            int wanted = slot(next.id(), mask);
            if (((at - wanted) & mask) >= ((at - gap) & mask)) {
                slots[gap] = next;
                gap = at;
            }
        }
    }

    /** Streams by place, from 0 to {@link #places()}, for those who look at all of them; null where there is none. */
    @Nullable
    Http2Stream at(int place) {
        return slots[place];
    }

    int places() {
        return slots.length;
    }

    /** All streams, for those who end some of them on the way. Makes an array. */
    Http2Stream[] all() {
        Http2Stream[] all = new Http2Stream[size];
        int count = 0;
        for (Http2Stream stream : slots) {
            if (stream != null) {
                all[count++] = stream;
            }
        }
        return all;
    }
}
