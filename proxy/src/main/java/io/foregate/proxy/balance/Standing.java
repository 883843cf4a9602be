package io.foregate.proxy.balance;

/** Whether a member takes part, as far as the cold side knows when it builds a set. */
public enum Standing {
    /** In service, and well or not known to be unwell. */
    UP,
    /** In service, but not well: chosen only when too few are {@link #UP}. */
    DOWN,
    /** Leaving: gets no new requests but those of clients that stick to it. */
    STICKY_ONLY,
    /** Taken out by somebody: never chosen. */
    OUT
}
