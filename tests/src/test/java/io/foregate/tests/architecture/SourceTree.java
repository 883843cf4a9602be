package io.foregate.tests.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of the checkout that people write, found from the folder in which the tests run. */
final class SourceTree {
    /** What tools make or keep: never read. */
    private static final Set<String> SKIPPED =
            Set.of(".git", ".idea", ".vscode", ".cifuzz-corpus", "target", "node_modules");

    private SourceTree() {}

    static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!(Files.exists(folder.resolve("LICENSE")) && Files.isDirectory(folder.resolve("api")))) {
            var parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no checkout of Foregate above " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }

    static List<Path> javaFiles() {
        return files().stream().filter(file -> name(file).endsWith(".java")).toList();
    }

    /** Sources, scripts and pages; not test resources, which may hold any bytes at all. */
    static List<Path> textFiles() {
        var resources = Path.of("src", "test", "resources");
        return files().stream()
                .filter(file -> !file.toString().contains(resources.toString()))
                .filter(file ->
                        !name(file).contains(".") || name(file).matches(".*\\.(java|xml|md|ya?ml|sh|c|js|ts|py|css)"))
                .toList();
    }

    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Path> files() {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(root(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return SKIPPED.contains(name(folder)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
