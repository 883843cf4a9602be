package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveryFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to find servers that extensions bring along: those on the class path, and those in the jars of the folder that the system
 * property {@value #FOLDER} names. Loaded once, when somebody asks for one. Thread-safe.
 */
public final class Extensions {
    private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);
    private static final String FOLDER = "foregate.extensions";

    private static final class Loaded {
        static final Map<String, DiscoveryFactory> BY_NAME = load(System.getProperty(FOLDER));
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

    /** The extensions on the class path, and in the jars of {@code folder}, by their names. */
    static Map<String, DiscoveryFactory> load(@Nullable String folder) {
        Map<String, DiscoveryFactory> found = new TreeMap<>();
        ClassLoader own = Extensions.class.getClassLoader();
        // Stays open: classes of it are loaded as long as the process runs.
        ClassLoader loader = folder == null ? own : new URLClassLoader("extensions", jars(Path.of(folder)), own);
        var all = ServiceLoader.load(DiscoveryFactory.class, loader).iterator();
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

    private static URL[] jars(Path folder) {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) {
                jars.add(file.toUri().toURL());
            }
        } catch (IOException e) {
            LOG.error("the folder of extensions, {}, can't be read: {}", folder, e.toString());
        }
        return jars.toArray(URL[]::new);
    }
}
