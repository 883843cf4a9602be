package io.foregate.control.config;

import io.foregate.control.config.bind.Binder;
import io.foregate.control.config.bind.Bound;
import io.foregate.control.config.bind.Node;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.model.ServerList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads a file with a list of servers, YAML or JSON: a list, or a mapping with the one key {@code servers}. It is as strict as the
 * configuration.
 */
public final class ServerFile {
    private ServerFile() {}

    /** Why a file can't be used; the message names the file, and the place where there is one. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean missing;

        Unusable(String message, boolean missing) {
            super(message);
            this.missing = missing;
        }

        /** Whether there is no such file, which may still come. */
        public boolean missing() {
            return missing;
        }
    }

    /** The servers that the file lists, maybe none. */
    public static List<ServerList.Server> read(Path file) throws Unusable {
        String name = file.toString();
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(YamlText.MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new Unusable(name + ": there is no such file", true);
        } catch (IOException e) {
            throw new Unusable(name + ": can't be read: " + e.getMessage(), false);
        }
        return switch (YamlText.tree(name, bytes)) {
            case YamlText.Refused refused -> throw new Unusable(text(refused.problem()), false);
            case YamlText.Parsed parsed -> bind(parsed, name);
        };
    }

    private static List<ServerList.Server> bind(YamlText.Parsed parsed, String name) throws Unusable {
        Bound<ServerList> bound = Binder.bind(ServerList.class, mapping(parsed.root()), name, parsed.values());
        ServerList list = bound.value();
        if (list == null || bound.problems().hasErrors()) {
            throw new Unusable(
                    bound.problems().errors().stream()
                            .limit(3)
                            .map(Problem::toString)
                            .collect(Collectors.joining("; ")),
                    false);
        }
        return list.servers();
    }

    // A list stands for the mapping.
    private static Node mapping(Node root) {
        if (root instanceof Node.Mapping) {
            return root;
        }
        Node key = new Node.Scalar("servers", true, null, root.line(), root.column());
        return new Node.Mapping(List.of(new Node.Entry(key, root)), null, root.line(), root.column());
    }

    // What the reader of configurations suggests for an empty file is a configuration.
    private static String text(Problem problem) {
        return new Problem(problem.file(), problem.line(), problem.column(), problem.path(), problem.message(), "")
                .toString();
    }
}
