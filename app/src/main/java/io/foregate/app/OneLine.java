package io.foregate.app;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.ListenAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Reads addresses as people type them into a command line, and complains as a command line does. */
final class OneLine {
    private static final String HTTP = "http://";

    private final CommandLine command;

    OneLine(@Nullable CommandSpec spec) {
        command = Objects.requireNonNull(spec).commandLine();
    }

    /** {@code host:port} of a server. */
    HostPort server(String text) {
        String rest = text;
        boolean url = text.regionMatches(true, 0, HTTP, 0, HTTP.length());
        if (url) {
            rest = text.substring(HTTP.length());
            rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
            rest = rest.matches(".*:[0-9]+") ? rest : rest + ":80";
        } else if (text.regionMatches(true, 0, "https://", 0, 8)) {
            throw wrong(
                    "--to " + text + ": servers are spoken to in plain HTTP so far; write http:// if it has that too");
        }
        if (rest.indexOf('/') >= 0) {
            throw wrong(
                    "--to " + text + ": a server has no path; write host:port, and rewrite paths in a configuration");
        }
        if (isNumber(rest)) {
            rest = "localhost:" + rest;
        } else if (rest.startsWith(":")) {
            rest = "localhost" + rest;
        }
        try {
            return HostPort.parse(rest);
        } catch (BadValue e) {
            throw wrong("--to " + text + ": " + message(e));
        }
    }

    /** Where to listen. */
    ListenAddress listener(String text) {
        try {
            return ListenAddress.parse(isNumber(text) ? ":" + text : text);
        } catch (BadValue e) {
            throw wrong("--from " + text + ": " + message(e));
        }
    }

    /** One of those words. */
    String oneOf(String option, String word, String... words) {
        if (!List.of(words).contains(word)) {
            throw wrong(option + " " + word + ": write " + String.join(" or ", words));
        }
        return word;
    }

    private static String message(BadValue e) {
        return e.hint().isEmpty() ? String.valueOf(e.getMessage()) : e.getMessage() + "; " + e.hint();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(command, message);
    }
}
