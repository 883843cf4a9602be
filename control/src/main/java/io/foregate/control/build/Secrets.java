package io.foregate.control.build;

import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.model.SecretRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads secrets from where the configuration says that they are. Stateless. */
public final class Secrets {
    private Secrets() {}

    /**
     * The secret; a file's is its first line.
     *
     * @param origin of the reference: a relative path starts at the folder of its file
     */
    public static String read(SecretRef place, Origin origin) throws UnbuildableException {
        if (place.kind() == SecretRef.Kind.ENV) {
            String value = System.getenv(place.name());
            if (value == null) {
                throw bad(origin, "the environment variable " + place.name() + " is not set", null);
            }
            return value;
        }
        try {
            return Files.readString(file(place, origin), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException | InvalidPathException e) {
            throw bad(origin, "the secret in " + place.name() + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Where the file of a reference is. */
    public static Path file(SecretRef place, Origin origin) {
        Path path = Path.of(place.name());
        return origin.position() == null
                ? path
                : Path.of(origin.position().file()).resolveSibling(path);
    }

    static UnbuildableException bad(Origin origin, String message, @Nullable Exception cause) {
        return new UnbuildableException(origin, new IllegalArgumentException(message, cause));
    }
}
