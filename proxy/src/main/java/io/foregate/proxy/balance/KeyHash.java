package io.foregate.proxy.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Hashes of 64 bits, the same in every process and on every machine, so that several proxies agree. Stateless, no garbage. */
public final class KeyHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ODD = 0x9e3779b97f4a7c15L;

    private KeyHash() {}

    public static long of(byte[] bytes, int start, int length) {
        long hash = length * ODD;
        int at = start;
        int end = start + length;
        for (; at + 8 <= end; at += 8) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | (bytes[at] & 0xff);
        }
        return mix(hash ^ rest ^ ODD);
    }

    public static long of(long high, long low) {
        return mix(mix(high ^ ODD) ^ low);
    }

    static long of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /** Each bit of the input changes half of those of the output (the finalizer of MurmurHash3). */
    static long mix(long bits) {
        long mixed = bits;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
