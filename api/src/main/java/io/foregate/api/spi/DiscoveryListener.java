package io.foregate.api.spi;

import java.util.List;

/** Hears what a {@link Discovery} finds. Thread-safe; its methods return at once, and the last one called counts. */
public interface DiscoveryListener {
    /**
     * These are the servers now, all of them. Those that were there before and aren't any more get no new requests and finish what
     * they have. None at all is a valid answer, and means that the pool is down.
     */
    void found(List<DiscoveredServer> servers);

    /**
     * Nobody knows at present which servers there are. Those that were found last stay in use, since a stale answer beats none.
     *
     * @param reason in words for people
     */
    void failed(String reason);
}
