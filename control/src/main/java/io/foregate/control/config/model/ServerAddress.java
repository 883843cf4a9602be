package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Scalar;

/**
 * Where an origin server is, and whether TLS is spoken to it.
 *
 * @param secure whether it was written with {@code https://}
 */
@Scalar(
        value = "an address",
        pattern = "^([Hh][Tt][Tt][Pp][Ss]://)?(\\[[0-9A-Fa-f:.]+\\]|[^:/\\s\\[\\]]+)(:[0-9]{1,5})?/?$",
        examples = {"10.0.0.1:8080", "app.internal:3000", "[::1]:8080", "https://app.internal:8443"},
        doc = "`host:port`, where the host is a name, an IPv4 address, or an IPv6 address in brackets;"
                + " `https://host:port` for a server that is spoken to by TLS (without a port: 443).")
public record ServerAddress(boolean secure, HostPort at) {
    private static final String SCHEME = "https://";

    public static ServerAddress parse(String text) throws BadValue {
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new ServerAddress(false, HostPort.parse(text));
        }
        String rest = text.substring(SCHEME.length());
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        if (rest.indexOf('/') >= 0) {
            throw new BadValue(
                    "a server has no path",
                    "write " + SCHEME + rest.substring(0, rest.indexOf('/')) + ", and rewrite paths in routes");
        }
        boolean port = rest.lastIndexOf(':') > rest.lastIndexOf(']');
        return new ServerAddress(true, HostPort.parse(port ? rest : rest + ":443"));
    }

    @Override
    public String toString() {
        return secure ? SCHEME + at : at.toString();
    }
}
