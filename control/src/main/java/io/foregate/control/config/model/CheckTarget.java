package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** What a check asks for: a path, and maybe a query, as they stand in a request line. */
@Scalar(
        value = "a path to ask for",
        pattern = "^/",
        examples = {"/healthz", "/status?brief"},
        doc = "A path that begins with `/`, percent-encoded, with a query if there is one.")
public record CheckTarget(String text) {
    public static CheckTarget parse(String text) throws BadValue {
        if (!text.startsWith("/")) {
            String hint = switch (text) {
                case "tcp" -> "for checks by connections write { tcp: true }";
                case "grpc" -> "for the health service of gRPC write { grpc: \"\" }";
                case "off", "false", "none" -> "write { tcp: false } for no checks";
                default -> "paths begin with /";
            };
            throw new BadValue(Nodes.quote(text) + " is not a path", hint);
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
            throw new BadValue(Nodes.quote(text) + " holds a character that a path can't", "percent-encode it");
        }
        return new CheckTarget(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
