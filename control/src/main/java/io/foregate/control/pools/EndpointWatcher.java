package io.foregate.control.pools;

import io.foregate.proxy.upstream.Endpoint;

/** Hears which endpoints are in use. Called on the thread that attaches or detaches a pool, or changes its servers. */
public interface EndpointWatcher {
    /** A pool that serves has it from now on. */
    void arrived(EndpointRegistry.Key key, Endpoint endpoint);

    /** No pool that serves has it any more, though it may have exchanges to finish. */
    void departed(EndpointRegistry.Key key, Endpoint endpoint);
}
