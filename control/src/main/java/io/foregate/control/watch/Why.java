package io.foregate.control.watch;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.LostAttempts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Why an exchange went as it did, made from its record. Stateless. */
public final class Why {
    private static final String[][] PHASES = {
        {"queue_ms", "waiting for a connection"},
        {"connect_ms", "connecting"},
        {"first_byte_ms", "until the answer began"},
        {"transfer_ms", "the answer"}
    };

    private Why() {}

    /**
     * One attempt.
     *
     * @param cause the kind of its failure, or the status of an answer that asked for another attempt
     * @param words the cause in plain words
     */
    public record Attempt(String endpoint, String cause, String words) {}

    /** The attempts in their order, the last included. */
    public static List<Attempt> attempts(JsonNode record) {
        List<Attempt> attempts = new ArrayList<>();
        for (JsonNode lost : record.path("lost")) {
            String text = lost.asString("");
            int space = text.lastIndexOf(' ');
            String cause = text.substring(space + 1);
            attempts.add(new Attempt(text.substring(0, Math.max(space, 0)), cause, words(cause)));
        }
        String endpoint = record.path("endpoint").asString("");
        int status = record.path("upstream_status").asInt(0);
        if (record.path("attempts").asInt(0) > attempts.size() && !endpoint.isEmpty()) {
            String cause = record.path("failure").path("kind").asString(status == 0 ? "" : String.valueOf(status));
            String words = status == 0 || !record.path("failure").isMissingNode() ? words(cause) : "answered " + status;
            attempts.add(new Attempt(endpoint, cause, words));
        }
        return attempts;
    }

    private static String words(String cause) {
        Failure.Kind kind = Causes.kind(cause);
        return kind != null ? Causes.words(kind) : cause.isEmpty() ? "" : "answered " + cause;
    }

    /** Whose fault it was and what happened, in a sentence. */
    public static String sentence(JsonNode record) {
        JsonNode failure = record.path("failure");
        int status = record.path("status").asInt(0);
        int upstream = record.path("upstream_status").asInt(0);
        if (failure.isMissingNode()) {
            if (upstream == 0) {
                return record.path("grpc_status").isMissingNode()
                        ? "the configuration answers " + status + " itself here"
                        : "the call ended with grpc-status "
                                + record.path("grpc_status").asInt(0);
            }
            return status >= 500
                    ? "the server answered " + upstream + " itself, and that was passed on"
                    : "the server ended the call with grpc-status "
                            + record.path("grpc_status").asInt(0) + ", and that was passed on";
        }
        String name = failure.path("kind").asString("");
        Failure.Kind kind = Causes.kind(name);
        // Of what took too long there is nothing more to say.
        String detail = name.endsWith("_timeout") ? "" : failure.path("detail").asString("");
        return (kind == null ? name : Causes.words(kind)) + (detail.isEmpty() ? "" : ": " + detail);
    }

    /** Why there was no other attempt; null when there was no reason but their number. */
    public static @Nullable String stopped(JsonNode record) {
        String name = record.path("retry_stopped").asString("");
        if (name.isEmpty()) {
            return null;
        }
        return Causes.words(LostAttempts.End.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    private static String fault(JsonNode record) {
        return switch (record.path("failure").path("source").asString("")) {
            case "client" -> "the client's doing";
            case "proxy" -> "Foregate's doing";
            case "origin" -> "the server's doing";
            default -> record.path("upstream_status").isMissingNode() ? "as configured" : "the server's doing";
        };
    }

    /** All of it, for people. */
    public static String text(JsonNode record) {
        StringBuilder text = new StringBuilder();
        text.append("request ").append(string(record, "id")).append('\n');
        line(text, "asked", request(record) + ", " + string(record, "protocol"));
        line(
                text,
                "when",
                string(record, "time") + ", from " + string(record, "client") + " by listener "
                        + string(record, "listener"));
        line(text, "answered", answered(record) + " after " + millis(record.path("total_ms")));
        line(text, "cause", sentence(record));
        String kind = record.path("failure").path("kind").asString("");
        line(
                text,
                "",
                fault(record)
                        + (kind.isEmpty()
                                ? ""
                                : " (" + kind + "), "
                                        + Causes.phase(record.path("phase").asString(""))));
        line(
                text,
                "route",
                record.path("route").isMissingNode()
                        ? "none"
                        : string(record, "route") + " of site " + string(record, "site"));
        if (record.path("tried").asBoolean(false)) {
            line(text, "", "of the configuration that was on trial (foregate apply --guard)");
        }
        if (!record.path("pool").isMissingNode()) {
            line(text, "pool", string(record, "pool"));
        }
        attempts(text, record);
        phases(text, record);
        line(
                text,
                "bodies",
                record.path("bytes_in").asLong(0) + " bytes in, "
                        + record.path("bytes_out").asLong(0) + " bytes out");
        return text.toString();
    }

    private static void attempts(StringBuilder text, JsonNode record) {
        String name = "attempts";
        for (Attempt attempt : attempts(record)) {
            line(text, name, attempt.endpoint + ": " + attempt.words);
            name = "";
        }
        String stopped = stopped(record);
        if (stopped != null) {
            line(text, name, "no other: " + stopped);
        }
        if (record.path("hedged").asBoolean(false)) {
            line(text, "", "(a second request went out beside the first, as the answer was late)");
        }
    }

    private static void phases(StringBuilder text, JsonNode record) {
        String name = "phases";
        for (String[] phase : PHASES) {
            JsonNode time = record.path(phase[0]);
            if (!time.isMissingNode()) {
                line(text, name, millis(time) + " " + phase[1]);
                name = "";
            }
        }
        if (!record.path("injected_delay_ms").isMissingNode()) {
            line(text, name, millis(record.path("injected_delay_ms")) + " held up on purpose, by a fault of the route");
        }
    }

    /** What was asked, in a few words. */
    public static String request(JsonNode record) {
        if (record.path("method").isMissingNode()) {
            return "no whole request";
        }
        return string(record, "method") + " " + string(record, "host") + string(record, "path");
    }

    private static String answered(JsonNode record) {
        JsonNode grpc = record.path("grpc_status");
        int status = record.path("status").asInt(0);
        return status == 0 ? "nothing" : status + (grpc.isMissingNode() ? "" : ", grpc-status " + grpc.asInt(0));
    }

    /** A duration with as many digits as say something. */
    public static String millis(JsonNode time) {
        double value = time.asDouble(0);
        return value >= 1000
                ? String.format(Locale.ROOT, "%.2f s", value / 1000)
                : value >= 10 ? Math.round(value) + " ms" : String.format(Locale.ROOT, "%.1f ms", value);
    }

    private static String string(JsonNode record, String field) {
        return record.path(field).asString("?");
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  ")
                .append(name)
                .repeat(' ', 10 - name.length())
                .append(value)
                .append('\n');
    }
}
