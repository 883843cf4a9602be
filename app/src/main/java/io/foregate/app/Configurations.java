package io.foregate.app;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.reload.Source;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads configurations for commands that can't do without a sound one. Stateless. */
final class Configurations {
    private static final String UNUSABLE = "the configuration can't be used";

    private Configurations() {}

    /** Reads a file; throws {@link Refused} with everything that is wrong with it. */
    static Loaded.Ok file(Path file) {
        return sound(ConfigLoader.load(file));
    }

    /** Reads a file for a command that prints; what is wrong with it goes to programs, too, where the output is for them. */
    static Loaded.Ok file(Path file, Output output) {
        return switch (ConfigLoader.load(file)) {
            case Loaded.Ok ok -> ok;
            case Loaded.Invalid invalid -> throw refusal(UNUSABLE, invalid.problems(), output);
        };
    }

    /** Reads a text that came from a file. */
    static Loaded.Ok source(Source source) {
        return sound(source.load());
    }

    /** Reads a text that a command has made. */
    static Loaded.Ok text(String name, String yaml) {
        return sound(ConfigLoader.load(name, yaml));
    }

    /** The folder in which relative paths of a configuration file start. */
    static Path folder(Path file) {
        return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
    }

    private static Loaded.Ok sound(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Ok ok -> ok;
            case Loaded.Invalid invalid -> throw new Refused(message(UNUSABLE, invalid.problems()));
        };
    }

    /** What to throw when there are problems. Where the output is for programs, they have been printed there for them. */
    static Refused refusal(String what, List<Problem> problems, Output output) {
        if (output.json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("fine", false);
            tree.put(
                    "problems",
                    problems.stream().map(problem -> tree(problem, true)).toList());
            output.print(tree);
        }
        return new Refused(message(what, problems));
    }

    /** A problem, for programs. */
    static Map<String, Object> tree(Problem problem, boolean error) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("severity", error ? "error" : "warning");
        tree.put("file", problem.file());
        tree.put("line", problem.line());
        tree.put("column", problem.column());
        tree.put("path", problem.path());
        tree.put("message", problem.message());
        tree.put("hint", problem.hint());
        return tree;
    }

    private static String message(String what, List<Problem> problems) {
        String lines = problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator()));
        return what + System.lineSeparator() + lines;
    }
}
