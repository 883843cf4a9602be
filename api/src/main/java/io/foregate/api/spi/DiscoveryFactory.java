package io.foregate.api.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the servers of pools somewhere else than in the configuration: in DNS, in a file, in whatever an extension knows. Found by
 * {@link java.util.ServiceLoader}, and used by pools that say {@code servers: { discovery: NAME, options: { … } }}.
 *
 * <p>One factory serves the whole process. It has a constructor without parameters, which does nothing that takes time. Its methods
 * are called from several threads.
 */
public interface DiscoveryFactory {
    /** What pools call it; letters, digits, {@code -} and {@code _}. Those that come with the proxy can't be replaced. */
    String name();

    /**
     * What is wrong with the options of a pool, in words for whoever wrote them, or null. Called when a configuration is checked:
     * it may not open sockets, ask a name service or write anything.
     */
    @Nullable
    String complaint(Map<String, String> options);

    /**
     * Begins to look for servers, and tells {@code listener} of them until it is closed. Returns soon: what takes time is done on
     * threads of its own. Nobody waits for the first result but the start of the process, and that for two seconds at most.
     *
     * @param request whose servers, and the options of which there was no complaint
     * @param listener may be told from any thread, also before this returns
     * @throws RuntimeException when it can't even begin; its message is what the pool is down for
     */
    Discovery open(DiscoveryRequest request, DiscoveryListener listener);
}
