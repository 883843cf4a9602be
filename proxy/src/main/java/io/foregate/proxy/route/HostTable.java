package io.foregate.proxy.route;

import io.foregate.api.message.Octets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Virtual hosts by name, looked up by the bytes of a request without a String.
 *
 * <p>Names are hashed from right to left, since the hash of each suffix, by which wildcards are found, is then met on the
 * way to the hash of the whole. Keys come from the configuration alone, so strangers can't make them collide. Immutable.
 */
final class HostTable {
    private final byte[][] keys;
    private final @Nullable VirtualHost[] values;
    private final int mask;
    private final int size;

    /** @param names lower case, one for each of {@code hosts} */
    HostTable(List<String> names, List<VirtualHost> hosts) {
        size = names.size();
        int capacity = Integer.highestOneBit(Math.max(size, 1)) << 2;
        keys = new byte[capacity][];
        values = new VirtualHost[capacity];
        mask = capacity - 1;
        for (int i = 0; i < size; i++) {
            byte[] key = Octets.ascii(names.get(i));
            int hash = 0;
            for (int at = key.length - 1; at >= 0; at--) {
                hash = step(hash, key[at]);
            }
            int slot = slot(hash);
            while (values[slot] != null) {
                slot = (slot + 1) & mask;
            }
            keys[slot] = key;
            values[slot] = hosts.get(i);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The hash of a name whose right part has {@code hash} and whose next byte to the left is {@code b} in lower case. */
    static int step(int hash, byte b) {
        return hash * 31 + b;
    }

    private int slot(int hash) {
        int mixed = hash * 0x9e3779b9;
        return (mixed ^ mixed >>> 16) & mask;
    }

    /** The host of that name, in any case, whose hash is {@code hash}; or null. */
    @Nullable
    VirtualHost find(int hash, byte[] block, int start, int length) {
        int slot = slot(hash);
        for (VirtualHost host = values[slot]; host != null; host = values[slot]) {
            if (Octets.equalsIgnoreCase(block, start, length, keys[slot])) {
                return host;
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }
}
