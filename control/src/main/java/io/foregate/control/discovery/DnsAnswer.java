package io.foregate.control.discovery;

import java.util.ArrayList;
import java.util.List;

/**
 * Records of one kind that a name has, its aliases followed.
 *
 * @param records in the server's order; none where the name has none of the kind, or doesn't exist
 * @param exists whether there is such a name
 * @param ttlSeconds the shortest of the records and of the aliases on the way
 */
record DnsAnswer<T>(List<T> records, boolean exists, long ttlSeconds) {
    DnsAnswer {
        records = List.copyOf(records);
    }

    /** Both together. */
    DnsAnswer<T> and(DnsAnswer<? extends T> other) {
        List<T> both = new ArrayList<>(records);
        both.addAll(other.records());
        // One without records says nothing of how long there will be none.
        long ttl = records.isEmpty()
                ? other.ttlSeconds
                : other.records.isEmpty() ? ttlSeconds : Math.min(ttlSeconds, other.ttlSeconds);
        return new DnsAnswer<>(both, exists || other.exists, ttl);
    }
}
