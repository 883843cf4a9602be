package io.foregate.app;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.ServerAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in one line: turns addresses as people type them into a configuration, and runs that.
 *
 * @param from where to listen
 * @param to the servers
 * @param certificate what is shown, if TLS is spoken
 */
record OneLine(String from, List<String> to, String balance, String accessLog, Certificate certificate) {
    /** Whether TLS is spoken, and with which files; without any, with a certificate of our own making. */
    record Certificate(
            boolean tls, @Nullable String cert, @Nullable String key) {
        static final Certificate NONE = new Certificate(false, null, null);
    }

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    /** Runs until a signal; throws {@link BadUsage} before anything is started. */
    int run() throws InterruptedException {
        Loaded.Ok loaded = Configurations.text("command line", yaml());
        return Serving.run(
                () -> new Serving.Served(Serving.start(loaded, Path.of("").toAbsolutePath())));
    }

    /** The configuration that says the same. */
    String yaml() {
        StringBuilder servers = new StringBuilder();
        for (String server : to) {
            servers.append(servers.isEmpty() ? "\"" : ", \"")
                    .append(server(server))
                    .append('"');
        }
        return (secure()
                        ? "listeners: { proxy: { address: \"" + listener() + "\", tls: on } }\n"
                                + "sites: { \"*\": { routes: origin, tls: " + tls() + " } }\n"
                        : "listeners: { proxy: \"" + listener() + "\" }\n" + "sites: { \"*\": origin }\n")
                + "pools: { origin: { servers: [" + servers + "], balance: "
                + oneOf("--balance", balance, List.of("round-robin", "least-requests", "peak-ewma", "random", "hash"))
                + " } }\n"
                + "logs: { access: " + oneOf("--access-log", accessLog, List.of("json", "combined", "off")) + " }\n";
    }

    private boolean secure() {
        return certificate.tls() || certificate.cert() != null || certificate.key() != null;
    }

    private String tls() {
        String cert = certificate.cert();
        String key = certificate.key();
        if (cert == null && key == null) {
            return "internal";
        }
        if (cert == null || key == null) {
            throw new BadUsage("--cert and --key belong together");
        }
        return "{ cert: " + quoted(cert) + ", key: " + quoted(key) + " }";
    }

    // As YAML has it in single quotes, where nothing else has a meaning.
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static ServerAddress server(String text) {
        String rest = text;
        boolean secure = startsWith(text, HTTPS);
        if (secure || startsWith(text, HTTP)) {
            rest = text.substring((secure ? HTTPS : HTTP).length());
            rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
            boolean port = rest.lastIndexOf(':') > rest.lastIndexOf(']');
            rest = port ? rest : rest + (secure ? ":443" : ":80");
        }
        if (rest.indexOf('/') >= 0) {
            throw new BadUsage(
                    "--to " + text + ": a server has no path; write host:port, and rewrite paths in a configuration");
        }
        if (isNumber(rest)) {
            rest = "localhost:" + rest;
        } else if (rest.startsWith(":")) {
            rest = "localhost" + rest;
        }
        try {
            return ServerAddress.parse(secure ? HTTPS + rest : rest);
        } catch (BadValue e) {
            throw new BadUsage("--to " + text + ": " + message(e));
        }
    }

    private ListenAddress listener() {
        try {
            return ListenAddress.parse(isNumber(from) ? ":" + from : from);
        } catch (BadValue e) {
            throw new BadUsage("--from " + from + ": " + message(e));
        }
    }

    private static String oneOf(String option, String word, List<String> words) {
        if (!words.contains(word)) {
            throw new BadUsage(option + " " + word + ": write " + String.join(" or ", words));
        }
        return word;
    }

    private static boolean startsWith(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static String message(BadValue e) {
        return e.hint().isEmpty() ? e.what() : e.what() + "; " + e.hint();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
