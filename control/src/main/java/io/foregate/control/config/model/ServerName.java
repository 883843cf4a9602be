package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;

/** The name that a server's certificate has to carry: a host name without a port, in lower case. */
@Scalar(
        value = "a host name",
        examples = {"app.internal"},
        doc = "A host name without a port.")
public record ServerName(String text) {
    public static ServerName parse(String text) throws BadValue {
        if (!Addresses.isHostName(text) || Addresses.looksLikeIpv4(text)) {
            throw new BadValue(Nodes.quote(text) + " is not a host name", "write one such as app.internal");
        }
        return new ServerName(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return text;
    }
}
