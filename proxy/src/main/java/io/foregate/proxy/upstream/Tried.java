package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/** The endpoints that one exchange has already asked. Owned by the exchange; remembers as many as there can be attempts. */
public final class Tried {
    /** More attempts than this are refused by the configuration. */
    public static final int MAX_ATTEMPTS = 16;

    private final @Nullable Endpoint[] endpoints = new @Nullable Endpoint[MAX_ATTEMPTS];
    private int count;

    public void clear() {
        for (int i = 0; i < count; i++) {
            endpoints[i] = null;
        }
        count = 0;
    }

    /** Remembers an endpoint; false when there have been too many, and no more may be asked. */
    public boolean add(Endpoint endpoint) {
        if (count == MAX_ATTEMPTS) {
            return false;
        }
        endpoints[count++] = endpoint;
        return true;
    }

    public boolean contains(Endpoint endpoint) {
        for (int i = 0; i < count; i++) {
            if (endpoints[i] == endpoint) {
                return true;
            }
        }
        return false;
    }
}
