package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * What choosing for one exchange goes by: whom it has asked, the hash of its key, and the member that its client sticks to. Owned by
 * an exchange, on its loop; reused.
 */
public final class Picking {
    private final Tried tried = new Tried();
    private boolean keyed;
    private long hash;
    private @Nullable Member sticky;

    public Tried tried() {
        return tried;
    }

    /** The request has a key, with this hash. */
    public void key(long keyHash) {
        keyed = true;
        hash = keyHash;
    }

    /** The client sticks to that member, if to any. */
    public void sticky(@Nullable Member member) {
        sticky = member;
    }

    public @Nullable Member sticky() {
        return sticky;
    }

    boolean keyed() {
        return keyed;
    }

    long hash() {
        return hash;
    }

    public void clear() {
        tried.clear();
        keyed = false;
        hash = 0;
        sticky = null;
    }
}
