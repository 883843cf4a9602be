package io.foregate.proxy.observe;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last lines of a kind, bounded by their number and by their bytes: a new one takes the place of the oldest. Owned by one loop.
 * Takes its memory with the first line, and makes no garbage when lines are added.
 *
 * <p>Lines lie one behind the other in one array, whose end is followed by its beginning. Positions count all bytes since the start,
 * so a line is still there when nothing that came later has come round to it.
 */
final class RecordRing {
    private final int capacity;
    private final int most;
    private byte @Nullable [] bytes;
    private long[] starts = {};
    private int[] lengths = {};
    private int[] hashes = {};
    private long added;
    private long end;

    /**
     * @param capacity bytes of all lines
     * @param most lines
     */
    RecordRing(int capacity, int most) {
        this.capacity = capacity;
        this.most = most;
    }

    /**
     * Adds a line, which is copied; one that is longer than the whole ring isn't kept.
     *
     * @param hash by which it is found again
     */
    void add(byte[] line, int length, int hash) {
        byte[] all = bytes;
        if (all == null) {
            all = new byte[capacity];
            bytes = all;
            starts = new long[most];
            lengths = new int[most];
            hashes = new int[most];
        }
        if (length > capacity) {
            return;
        }
        int left = capacity - (int) (end % capacity);
        long at = length > left ? end + left : end;
        System.arraycopy(line, 0, all, (int) (at % capacity), length);
        int slot = (int) (added++ % most);
        starts[slot] = at;
        lengths[slot] = length;
        hashes[slot] = hash;
        end = at + length;
    }

    /** Copies of the newest lines, the newest first. */
    List<byte[]> newest(int count) {
        List<byte[]> found = new ArrayList<>();
        for (long i = added - 1; i >= oldest() && found.size() < count; i--) {
            found.add(copy((int) (i % most)));
        }
        return found;
    }

    /** Copies of the newest lines with that hash, the newest first. Others may have it, too. */
    List<byte[]> with(int hash, int count) {
        List<byte[]> found = new ArrayList<>();
        for (long i = added - 1; i >= oldest() && found.size() < count; i--) {
            int slot = (int) (i % most);
            if (hashes[slot] == hash) {
                found.add(copy(slot));
            }
        }
        return found;
    }

    /** How many lines there are. */
    int size() {
        return (int) (added - oldest());
    }

    /** A copy of the oldest line that is still there; null when there is none. */
    byte @Nullable [] last() {
        long oldest = oldest();
        return oldest == added ? null : copy((int) (oldest % most));
    }

    // Positions only grow, so what is overwritten are the first.
    private long oldest() {
        long low = Math.max(added - most, 0);
        long high = added;
        while (low < high) {
            long middle = (low + high) / 2;
            if (starts[(int) (middle % most)] < end - capacity) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private byte[] copy(int slot) {
        byte[] all = bytes;
        byte[] line = new byte[lengths[slot]];
        if (all != null) {
            System.arraycopy(all, (int) (starts[slot] % capacity), line, 0, line.length);
        }
        return line;
    }
}
