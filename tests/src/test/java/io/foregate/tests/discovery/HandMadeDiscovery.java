package io.foregate.tests.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.Discovery;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.api.spi.DiscoveryListener;
import io.foregate.api.spi.DiscoveryRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An extension whose servers a test decides on, by the option {@code group}. */
public final class HandMadeDiscovery implements DiscoveryFactory {
    static final Map<String, DiscoveryListener> LISTENERS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "hand-made";
    }

    @Override
    public @Nullable String complaint(Map<String, String> options) {
        return options.containsKey("group") ? null : "hand-made needs the option group";
    }

    @Override
    public Discovery open(DiscoveryRequest request, DiscoveryListener listener) {
        String group = String.valueOf(request.options().get("group"));
        LISTENERS.put(group, listener);
        listener.found(List.of());
        return () -> LISTENERS.remove(group);
    }

    static void found(String group, DiscoveredServer... servers) {
        DiscoveryListener listener = LISTENERS.get(group);
        if (listener != null) {
            listener.found(List.of(servers));
        }
    }
}
