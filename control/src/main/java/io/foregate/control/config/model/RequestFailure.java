package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What counts against a server when a request meets with it.
 *
 * @param statuses of answers, or null for another kind
 */
@Scalar(
        value = "a failure",
        pattern = "^(reset|timeout|[45][0-9]{2}(-[45][0-9]{2})?|[45]xx)$",
        examples = {"reset", "timeout", "503", "5xx"},
        doc =
                "A status (or several: `500-504`, `5xx`), `reset` for a connection that breaks off before an answer, `timeout` for an"
                        + " answer that doesn't come in time.")
public record RequestFailure(Kind kind, @Nullable StatusRange statuses) {
    /** What it is about. */
    public enum Kind {
        STATUS,
        RESET,
        TIMEOUT
    }

    public static final RequestFailure RESET = new RequestFailure(Kind.RESET, null);
    public static final RequestFailure TIMEOUT = new RequestFailure(Kind.TIMEOUT, null);

    public static RequestFailure of(int first, int last) {
        return new RequestFailure(Kind.STATUS, new StatusRange(first, last));
    }

    public static RequestFailure parse(String text) throws BadValue {
        return switch (text) {
            case "reset" -> RESET;
            case "timeout" -> TIMEOUT;
            case "connect" ->
                throw new BadValue(
                        "failed connections always count",
                        "leave it out: a server that can't be reached rests at once");
            default -> statuses(text);
        };
    }

    private static RequestFailure statuses(String text) throws BadValue {
        StatusRange range;
        try {
            range = StatusRange.parse(text);
        } catch (BadValue e) {
            throw new BadValue(Nodes.quote(text) + " is not a failure", "write reset, timeout or a status such as 503");
        }
        if (range.first() < 400) {
            throw new BadValue(range + " is no failure", "statuses from 400 on are");
        }
        return new RequestFailure(Kind.STATUS, range);
    }

    @Override
    public String toString() {
        return statuses == null ? (kind == Kind.RESET ? "reset" : "timeout") : statuses.toString();
    }
}
