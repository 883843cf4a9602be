package io.foregate.control.config;

import io.foregate.control.config.bind.Binder;
import io.foregate.control.config.bind.Bound;
import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.Resolver;
import io.foregate.control.config.model.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a configuration file: text, tree, records, checks, effective settings. It reads files and does nothing else: no
 * sockets, no name service, no writes. Whatever the file holds, the answer is a {@link Loaded}, never an exception.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /** Reads and checks a file. Messages name it as it is given here. */
    public static Loaded load(Path file) {
        String name = file.toString();
        try {
            if (Files.isDirectory(file)) {
                return broken(name, "is a folder, not a file", "name the file in it");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(YamlText.MOST_BYTES + 1);
            }
            return read(YamlText.tree(name, bytes), name);
        } catch (NoSuchFileException e) {
            return broken(name, "there is no such file", "");
        } catch (AccessDeniedException e) {
            return broken(name, "may not be read by this process", "check its permissions");
        } catch (IOException e) {
            return broken(name, "can't be read: " + e.getMessage(), "");
        }
    }

    /** Checks a text as it would stand in a file. Messages call it {@code name}. */
    public static Loaded load(String name, byte[] yaml) {
        return read(YamlText.tree(name, yaml), name);
    }

    /** Checks a text. Messages call it {@code name}. */
    public static Loaded load(String name, String yaml) {
        return read(YamlText.tree(name, yaml), name);
    }

    private static Loaded read(YamlText.Tree tree, String name) {
        return switch (tree) {
            case YamlText.Refused refused -> new Loaded.Invalid(List.of(refused.problem()), List.of());
            case YamlText.Parsed parsed -> judge(Binder.bind(Config.class, parsed.root(), name, parsed.values()));
        };
    }

    private static Loaded judge(Bound<Config> bound) {
        Config config = bound.value();
        Problems problems = bound.problems();
        if (config == null) {
            return new Loaded.Invalid(problems.errors(), List.of());
        }
        new Checks(bound, config).run();
        EffectiveConfig effective = Resolver.resolve(config, bound.sources(), problems);
        List<Problem> outside = new OriginFileChecks(effective, problems).run();
        new HealthSettingsChecks(config, effective, new Report(bound.sources(), problems)).run();
        if (problems.hasErrors()) {
            return new Loaded.Invalid(all(problems.errors(), outside), problems.warnings());
        }
        new Lint(bound, config, effective).run();
        return new Loaded.Ok(config, effective, bound.sources(), problems.warnings(), outside);
    }

    // In the order of the file; what is said of the errors as a whole is their last one.
    private static List<Problem> all(List<Problem> errors, List<Problem> outside) {
        return outside.isEmpty()
                ? errors
                : Stream.concat(errors.stream(), outside.stream()).sorted().toList();
    }

    private static Loaded broken(String name, String message, String hint) {
        return new Loaded.Invalid(List.of(Problem.at(new Position(name, 1, 1), "", message, hint)), List.of());
    }
}
