package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/**
 * What origins are told in the Host header.
 *
 * @param name the fixed host for {@link Kind#FIXED}, otherwise empty
 */
@Scalar(
        value = "a host header",
        examples = {"pass", "upstream", "app.internal"},
        doc =
                "`pass` sends the host that the client asked for, `upstream` the address of the server as it is configured,"
                        + " anything else that very host (and port, if there is one).")
public record HostHeader(Kind kind, String name) {
    /** Where the value comes from. */
    public enum Kind {
        PASS,
        UPSTREAM,
        FIXED
    }

    /** The client's host goes through unchanged. */
    public static final HostHeader PASS = new HostHeader(Kind.PASS, "");

    public static HostHeader parse(String text) throws BadValue {
        return switch (text) {
            case "pass" -> PASS;
            case "upstream" -> new HostHeader(Kind.UPSTREAM, "");
            default -> fixed(text);
        };
    }

    private static HostHeader fixed(String text) throws BadValue {
        if (text.matches(".*:[0-9]+")) {
            return new HostHeader(Kind.FIXED, HostPort.parse(text).toString());
        }
        if (!Addresses.isHostName(text)) {
            throw new BadValue(Nodes.quote(text) + " is not a host", "write pass, upstream or a host name");
        }
        return new HostHeader(Kind.FIXED, text);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case PASS -> "pass";
            case UPSTREAM -> "upstream";
            case FIXED -> name;
        };
    }
}
