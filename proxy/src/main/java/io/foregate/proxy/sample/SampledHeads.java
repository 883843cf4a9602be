package io.foregate.proxy.sample;

import java.util.ArrayList;
import java.util.List;

/** What one loop had sampled at some time. For any thread, and for as long as one likes. */
public final class SampledHeads {
    private final HeadRing ring;
    private final int requestsSince;

    SampledHeads(HeadRing ring, int requestsSince) {
        this.ring = ring;
        this.requestsSince = requestsSince;
    }

    /** How many requests have come since the last of them, for which none stands yet. */
    public int requestsSince() {
        return requestsSince;
    }

    /** The oldest first. */
    public List<SampledHead> heads() {
        List<SampledHead> heads = new ArrayList<>();
        for (long ticket = ring.first(); ticket < ring.end(); ticket++) {
            heads.add(ring.read(ticket));
        }
        return heads;
    }
}
