package io.foregate.control.discovery;

import java.util.HashSet;
import java.util.Set;

/** Why something fails, for the log: each reason is news once until it has worked in between. Guarded by its owner. */
final class Reasons {
    /** Reasons with a number in them, as a time or a port, would be news for ever. */
    static final int MOST = 16;

    private final Set<String> said = new HashSet<>();

    /** Whether this is to be said. */
    boolean news(String reason) {
        return said.size() < MOST && said.add(reason);
    }

    /** It works. */
    void forget() {
        said.clear();
    }
}
