package io.foregate.proxy.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds members by the tokens that clients bring, and the tokens of members. Immutable; part of a set. No garbage. */
final class StickyTable {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] @Nullable [] tokens;
    private final @Nullable Member[] members;
    private final Map<Member, byte[]> byMember = new IdentityHashMap<>();
    private final int mask;

    StickyTable(List<Member> sticky, StickyTokens names) {
        int size = Math.max(4, Integer.highestOneBit(sticky.size()) * 4);
        this.mask = size - 1;
        this.tokens = new byte[size][];
        this.members = new @Nullable Member[size];
        for (Member member : sticky) {
            byte[] token = names.token(member.name());
            int slot = slot(token, 0);
            while (members[slot] != null) {
                slot = (slot + 1) & mask;
            }
            tokens[slot] = token;
            members[slot] = member;
            byMember.put(member, token);
        }
    }

    /** The member of that token; null when it is none of ours. */
    @Nullable
    Member find(byte[] bytes, int start, int length) {
        if (length != StickyTokens.LENGTH) {
            return null;
        }
        for (int slot = slot(bytes, start); ; slot = (slot + 1) & mask) {
            byte[] token = tokens[slot];
            if (token == null) {
                return null;
            }
            if (same(token, bytes, start)) {
                return members[slot];
            }
        }
    }

    /** The token of a member; null when nobody may stick to it. */
    byte @Nullable [] token(Member member) {
        return byMember.get(member);
    }

    // How long it takes must not tell how much of a guess was right.
    private static boolean same(byte[] token, byte[] bytes, int start) {
        int difference = 0;
        for (int i = 0; i < StickyTokens.LENGTH; i++) {
            difference |= token[i] ^ bytes[start + i];
        }
        return difference == 0;
    }

    private int slot(byte[] bytes, int start) {
        return (int) KeyHash.mix((long) LONGS.get(bytes, start)) & mask;
    }
}
