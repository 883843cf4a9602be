package io.foregate.app;

import io.foregate.proxy.server.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Reads the usual forms of {@code run} and {@code proxy} without the library for command lines, whose classes are of a format that
 * the JVM's start-up cache doesn't take: they cost more than the rest of a start. Whatever isn't plainly right here (help,
 * mistakes, unusual forms) is left to the library, so there is one place that explains.
 */
final class Shortcut {
    private static final String CONFIG = "--config";

    private Shortcut() {}

    /** What the command line asks for, or null when it has to be read with care. */
    static @Nullable Callable<Integer> of(String... args) {
        if (args.length == 0) {
            return null;
        }
        Callable<Integer> found = switch (args[0]) {
            case "run" -> run(args);
            case "proxy" -> proxy(args);
            default -> null;
        };
        if (found != null) {
            // Two threads that make the first logger at once would have its library complain.
            LoggerFactory.getILoggerFactory();
            // Loads the transport's native library while the configuration is read.
            Thread.ofPlatform().daemon().name("foregate-transport").start(Transport::preferred);
        }
        return found;
    }

    private static @Nullable Callable<Integer> run(String[] args) {
        String file = "foregate.yaml";
        if (args.length == 3 && (args[1].equals(CONFIG) || args[1].equals("-c")) && isValue(args[2])) {
            file = args[2];
        } else if (args.length == 2 && args[1].startsWith(CONFIG + "=")) {
            file = args[1].substring(CONFIG.length() + 1);
        } else if (args.length == 2 && isValue(args[1])) {
            file = args[1];
        } else if (args.length != 1) {
            return null;
        }
        Path config = Path.of(file);
        return () -> RunCommand.run(config, false, null);
    }

    private static @Nullable Callable<Integer> proxy(String[] args) {
        String from = ":8080";
        List<String> to = new ArrayList<>();
        if (args.length % 2 == 0) {
            return null;
        }
        for (int i = 1; i < args.length; i += 2) {
            if (!isValue(args[i + 1])) {
                return null;
            }
            switch (args[i]) {
                case "--from" -> from = args[i + 1];
                case "--to" -> to.add(args[i + 1]);
                default -> {
                    return null;
                }
            }
        }
        if (to.isEmpty()) {
            return null;
        }
        OneLine line = new OneLine(from, to, "round-robin", "json", OneLine.Certificate.NONE);
        return line::run;
    }

    private static boolean isValue(String text) {
        return !text.isEmpty() && !text.startsWith("-") && !text.startsWith("@") && !text.startsWith("\"");
    }
}
