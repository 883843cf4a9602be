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
        switch (text) {
            case "pass" -> {
                return PASS;
            }
            case "upstream" -> {
                return new HostHeader(Kind.UPSTREAM, "");
            }
            default -> {
                boolean port = text.matches(".*:[0-9]+");
                if (!port && !Addresses.isHostName(text)) {
                    throw new BadValue(Nodes.quote(text) + " is not a host", "write pass, upstream or a host name");
                }
                String fixed = port ? HostPort.parse(text).toString() : text;
                return new HostHeader(Kind.FIXED, fixed);
            }
        }
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
