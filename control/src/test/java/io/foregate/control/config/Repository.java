package io.foregate.control.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds files of the repository and of the tests. */
public final class Repository {
    private Repository() {}

    /** A file named from the root of the repository, wherever the tests were started. */
    public static Path file(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests run outside the repository");
            }
        }
        return folder.resolve(name);
    }

    /** A file beside the tests of this package. */
    static Path resource(String name) {
        return file("control/src/test/resources/io/foregate/control/config").resolve(name);
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether files that tests compare with are to be written anew instead: {@code mvn -pl control -am test
     * -Dforegate.regenerate=true}.
     */
    public static boolean regenerates() {
        return Boolean.getBoolean("foregate.regenerate");
    }

    public static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
