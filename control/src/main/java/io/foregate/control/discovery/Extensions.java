package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveryFactory;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to find servers that extensions bring along. Loaded once, when somebody asks for one. Thread-safe. */
public final class Extensions {
    private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);

    private static final class Loaded {
        static final Map<String, DiscoveryFactory> BY_NAME = load();
    }

    private Extensions() {}

    /** The extension of that name, or null. */
    static @Nullable DiscoveryFactory find(String name) {
        return Loaded.BY_NAME.get(name);
    }

    /** What is wrong with asking that extension with those options, or null. Asks nobody else. */
    public static @Nullable String complaint(String name, Map<String, String> options) {
        DiscoveryFactory factory = find(name);
        if (factory == null) {
            String known = Loaded.BY_NAME.isEmpty()
                    ? "no extension brings one along"
                    : "there are " + String.join(", ", new TreeSet<>(Loaded.BY_NAME.keySet()));
            return "there is no discovery \"" + name + "\"; " + known;
        }
        return factory.complaint(options);
    }

    private static Map<String, DiscoveryFactory> load() {
        Map<String, DiscoveryFactory> found = new TreeMap<>();
        var all = ServiceLoader.load(DiscoveryFactory.class).iterator();
        boolean more = true;
        while (more) {
            try {
                more = all.hasNext();
                if (more) {
                    DiscoveryFactory factory = all.next();
                    found.putIfAbsent(factory.name(), factory);
                }
            } catch (ServiceConfigurationError e) {
                // One extension that can't be loaded is no reason to do without the others.
                LOG.error("an extension can't be loaded: {}", e.getMessage());
            }
        }
        return found;
    }
}
