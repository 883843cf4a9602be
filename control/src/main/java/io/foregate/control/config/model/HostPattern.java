package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.net.IDN;
import java.util.Locale;

/**
 * Which hosts a site is for.
 *
 * @param name in lower case and ASCII; for a wildcard what follows {@code *.}; empty for {@link Kind#ANY}
 */
@Scalar(
        value = "a host",
        examples = {"app.example.com", "*.example.com", "*"},
        doc =
                "A host name, without port; `*.example.com` is every name below example.com, however deep; `\"*\"` is every"
                        + " host that no other site names.")
public record HostPattern(Kind kind, String name) {
    /** The kinds of patterns, the most specific first. */
    public enum Kind {
        EXACT,
        WILDCARD,
        ANY
    }

    public static HostPattern parse(String text) throws BadValue {
        if (text.equals("*")) {
            return new HostPattern(Kind.ANY, "");
        }
        if (text.contains("/")) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a host", "write the host alone; paths are keys of its routes");
        }
        if (text.startsWith("[") && text.endsWith("]")) {
            String inner = text.substring(1, text.length() - 1);
            if (inner.indexOf(':') < 0 || Addresses.parse(inner) == null) {
                throw new BadValue(Nodes.quote(text) + " is not an IPv6 address", "");
            }
            return new HostPattern(Kind.EXACT, text.toLowerCase(Locale.ROOT));
        }
        if (text.contains(":")) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a host", "write the host without a port; ports belong to listeners");
        }
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.contains("*")) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a host", "* stands alone or as the first label: *.example.com");
        }
        return new HostPattern(wildcard ? Kind.WILDCARD : Kind.EXACT, ascii(text, name));
    }

    private static String ascii(String text, String name) throws BadValue {
        String ascii;
        try {
            ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            ascii = "";
        }
        if (!Addresses.isHostName(ascii)) {
            throw new BadValue(Nodes.quote(text) + " is not a host", "hosts are made of letters, digits, - and .");
        }
        return ascii;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EXACT -> name;
            case WILDCARD -> "*." + name;
            case ANY -> "*";
        };
    }
}
