package io.foregate.proxy.sample;

import io.foregate.api.message.Octets;

/**
 * Remembers of many names that they were there, or rather that others weren't: one bit for each of 128 groups of names. Tells nobody
 * which of a group it was. Stateless; makes no garbage.
 */
final class NameBits {
    private NameBits() {}

    /** The group of a name, 0 to 127; ASCII case doesn't matter. */
    static int of(byte[] bytes, int start, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = start; i < start + length; i++) {
            hash = (hash ^ Octets.lower(bytes[i])) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        return (int) (hash * 0x9e3779b97f4a7c15L >>> 57);
    }
}
