package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;

/**
 * The name of a service in DNS, and whether TLS is spoken to its servers. In lower case.
 *
 * @param secure whether it was written with {@code https://}
 */
@Scalar(
        value = "a service",
        pattern = "^([Hh][Tt][Tt][Pp][Ss]://)?[A-Za-z0-9_.-]+$",
        examples = {"_http._tcp.api.local", "https://_api._tcp.example.com"},
        doc =
                "The name of SRV records, mostly `_service._tcp.domain`; `https://` in front of it for servers that are spoken to by"
                        + " TLS.")
public record ServiceName(boolean secure, String text) {
    private static final String SCHEME = "https://";

    public static ServiceName parse(String text) throws BadValue {
        boolean secure = text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String name = secure ? text.substring(SCHEME.length()) : text;
        if (name.indexOf(':') >= 0) {
            throw new BadValue("a service has no port here", "its SRV records say which; write " + name.split(":")[0]);
        }
        if (!Addresses.isHostName(name) || Addresses.looksLikeIpv4(name)) {
            throw new BadValue(
                    Nodes.quote(text) + " is not the name of a service", "write one such as _http._tcp.api.local");
        }
        return new ServiceName(secure, name.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return secure ? SCHEME + text : text;
    }
}
