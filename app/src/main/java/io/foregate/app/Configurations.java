package io.foregate.app;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.reload.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads configurations for commands that can't do without a sound one. Stateless. */
final class Configurations {
    private Configurations() {}

    /** Reads a file; throws {@link Refused} with everything that is wrong with it. */
    static Loaded.Ok file(Path file) {
        return sound(ConfigLoader.load(file));
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
            case Loaded.Invalid invalid -> throw new Refused(message(invalid.problems()));
        };
    }

    private static String message(List<Problem> problems) {
        String lines = problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator()));
        return "the configuration can't be used" + System.lineSeparator() + lines;
    }
}
