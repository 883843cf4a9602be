package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/** The members that one exchange has already asked. Owned by the exchange; remembers as many as there can be attempts. */
public final class Tried {
    /** More attempts than this are refused by the configuration. */
    public static final int MAX_ATTEMPTS = 16;

    private final @Nullable Member[] members = new @Nullable Member[MAX_ATTEMPTS];
    private int count;

    public void clear() {
        for (int i = 0; i < count; i++) {
            members[i] = null;
        }
        count = 0;
    }

    /** Remembers one; false when there have been too many, and no more may be asked. */
    public boolean add(Member member) {
        if (count == MAX_ATTEMPTS) {
            return false;
        }
        members[count++] = member;
        return true;
    }

    public boolean contains(Member member) {
        for (int i = 0; i < count; i++) {
            if (members[i] == member) {
                return true;
            }
        }
        return false;
    }
}
