package io.foregate.app;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which process is meant: what commands that ask one have in common. */
final class AdminOption {
    private static final String USUAL = "127.0.0.1:9900";

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS",
            description =
                    "The admin API of the process: address:port, https://name:port or unix:PATH (default: the variable"
                            + " FOREGATE_ADMIN, or " + USUAL + ").")
    private @Nullable String admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the token in its first line (default: the variable FOREGATE_TOKEN, if it is set).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Certificates (PEM) of the authorities that are trusted for https://, or the server's own if it signed it"
                            + " itself (default: the variable FOREGATE_CA, or what Java trusts).")
    private @Nullable Path authorities;

    boolean given() {
        return admin != null;
    }

    AdminClient client() {
        String variable = System.getenv("FOREGATE_ADMIN");
        String address = admin != null ? admin : variable != null && !variable.isEmpty() ? variable : USUAL;
        return AdminClient.of(address, new AdminClient.Trust(token(), authorities()));
    }

    private @Nullable Path authorities() {
        String variable = System.getenv("FOREGATE_CA");
        return authorities != null || variable == null || variable.isBlank() ? authorities : Path.of(variable.strip());
    }

    private @Nullable String token() {
        if (tokenFile == null) {
            String variable = System.getenv("FOREGATE_TOKEN");
            return variable == null || variable.isBlank() ? null : variable.strip();
        }
        try {
            return Files.readString(tokenFile).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new BadUsage("--token-file " + tokenFile + " can't be read: " + e.getMessage());
        }
    }

    /** A segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
