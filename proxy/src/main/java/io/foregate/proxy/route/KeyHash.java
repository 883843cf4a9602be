package io.foregate.proxy.route;

/** Sixty-four bits of a key, the same in every process and version, so that proxies side by side decide alike. Stateless. */
public final class KeyHash {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private KeyHash() {}

    /** Of bytes: FNV-1a, whose weak high bits {@link #mix} repairs. */
    static long of(byte[] bytes, int start, int length) {
        long hash = FNV_OFFSET;
        for (int i = start; i < start + length; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Spreads a number over all of its bits (the finalizer of SplitMix64). */
    public static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
