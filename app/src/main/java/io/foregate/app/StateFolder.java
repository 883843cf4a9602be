package io.foregate.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Where a process keeps what outlives it, unless it is told. Stateless. */
final class StateFolder {
    private StateFolder() {}

    /**
     * The folder for the history of a configuration file: in what the service manager gives ({@code STATE_DIRECTORY}), else in the
     * user's folder for such things, one for each file.
     */
    static Path of(Path config) {
        String given = System.getenv("STATE_DIRECTORY");
        if (given != null && !given.isEmpty()) {
            int end = given.indexOf(':');
            return Path.of(end < 0 ? given : given.substring(0, end), "revisions");
        }
        return user(System.getenv("XDG_STATE_HOME"), System.getProperty("user.home", "/"))
                .resolve("foregate")
                .resolve(name(config))
                .resolve("revisions");
    }

    private static Path user(@Nullable String stateHome, String home) {
        return stateHome == null || !stateHome.startsWith("/") ? Path.of(home, ".local", "state") : Path.of(stateHome);
    }

    // Readable, and another for each file.
    private static String name(Path config) {
        Path absolute = config.toAbsolutePath().normalize();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(absolute.toString().getBytes(StandardCharsets.UTF_8));
            return absolute.getFileName() + "-" + HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
