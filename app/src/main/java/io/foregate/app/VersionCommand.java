package io.foregate.app;

import io.foregate.proxy.server.Transport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "version",
        description = "Prints the version, and what it runs on.",
        footer = {"", "Example:", "  foregate version --json"})
final class VersionCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", version());
        facts.put("java", Runtime.version().toString());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("transport", Transport.preferred().text());
        if (output.json()) {
            output.print(facts);
        } else {
            output.out()
                    .println("foregate %s (Java %s, %s, %s)"
                            .formatted(
                                    facts.get("version"),
                                    facts.get("java"),
                                    facts.get("system"),
                                    facts.get("transport")));
        }
        return Main.FINE;
    }

    /** As the jar says; there is none when the classes run from a folder. */
    static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
    }
}
