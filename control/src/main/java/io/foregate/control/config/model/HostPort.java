package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;

/**
 * The address of an origin server: a name that is resolved while running, or an address. {@code host} is in lower case,
 * an IPv6 address without its brackets.
 */
@Scalar(
        value = "an address",
        pattern = "^(\\[[0-9A-Fa-f:.]+\\]|[^:/\\s\\[\\]]+):[0-9]{1,5}$",
        examples = {"10.0.0.1:8080", "app.internal:3000", "[::1]:8080"},
        doc = "`host:port`, where the host is a name, an IPv4 address, or an IPv6 address in brackets.")
public record HostPort(String host, int port) implements Comparable<HostPort> {
    public static HostPort parse(String text) throws BadValue {
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            throw new BadValue(Nodes.quote(text) + " is a URL, not an address", urlHint(text, scheme));
        }
        Split split = Split.of(text, "write for example 10.0.0.1:8080");
        if (split.host().isEmpty()) {
            throw new BadValue(Nodes.quote(text) + " has no host", "write localhost:" + split.port());
        }
        if (split.port() == 0) {
            throw new BadValue("port 0 is outside 1–65535", "");
        }
        return new HostPort(split.host(), split.port());
    }

    /** Whether the host is an address, not a name. */
    public boolean isAddress() {
        return Addresses.parse(host) != null;
    }

    private static String urlHint(String text, int scheme) {
        String rest = text.substring(scheme + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        boolean hasPort = authority.matches(".*:[0-9]+");
        boolean secure = text.regionMatches(true, 0, "https", 0, 5);
        return "write host:port, such as " + authority + (hasPort ? "" : secure ? ":443" : ":80");
    }

    @Override
    public int compareTo(HostPort other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** {@code host:port} taken apart; the host may be empty and the port 0. */
    record Split(String host, int port) {
        static Split of(String text, String example) throws BadValue {
            int colon = text.lastIndexOf(':');
            boolean bare6 = text.indexOf(':') != colon && !text.startsWith("[");
            if (text.indexOf(',') >= 0) {
                throw new BadValue(Nodes.quote(text) + " is not an address", "write several as a list: [ , ]");
            }
            if (bare6) {
                throw new BadValue(
                        Nodes.quote(text) + " is not an address",
                        "write an IPv6 address in brackets: [" + text + "]:8080");
            }
            if (colon < 0 || text.endsWith("]")) {
                boolean number = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
                throw new BadValue(
                        Nodes.quote(text) + " has no " + (number ? "host" : "port"),
                        number
                                ? "write localhost:" + text + ", or another host; as an address to listen on, \":"
                                        + text + "\""
                                : text.isEmpty() ? example : "write " + text + ":80");
            }
            return new Split(host(text, text.substring(0, colon)), port(text.substring(colon + 1)));
        }

        private static String host(String text, String host) throws BadValue {
            if (host.startsWith("[") && host.endsWith("]")) {
                String inner = host.substring(1, host.length() - 1);
                if (Addresses.parse(inner) == null || inner.indexOf(':') < 0) {
                    throw new BadValue(Nodes.quote(host) + " is not an IPv6 address", "");
                }
                return inner.toLowerCase(Locale.ROOT);
            }
            if (!host.isEmpty() && !Addresses.isHostName(host)) {
                throw new BadValue(
                        Nodes.quote(text) + " has no valid host name", "names are made of letters, digits, - and .");
            }
            if (!host.isEmpty() && Addresses.looksLikeIpv4(host) && Addresses.parse(host) == null) {
                throw new BadValue(host + " is not an IPv4 address", "it has four numbers from 0 to 255");
            }
            return host.toLowerCase(Locale.ROOT);
        }

        private static int port(String text) throws BadValue {
            if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new BadValue(Nodes.quote(text) + " is not a port", "write a number from 1 to 65535");
            }
            int port = text.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(text);
            if (port > 65535) {
                throw new BadValue("port " + text + " is outside 1–65535", "");
            }
            return port;
        }
    }
}
