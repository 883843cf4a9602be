package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where servers come from that aren't written down one by one. */
@Form("Where servers come from that aren't written down one by one.")
public record Discovered(
        @Key(
                "A name with a port, each of whose addresses is a server of its own; `https://` for servers that are spoken to by"
                        + " TLS. It is looked up again and again while the process runs.")
        @Nullable
        ServerAddress dns,

        @Key("A service, each of whose SRV records is a server, with its port, priority and weight.") @Nullable
        ServiceName srv,

        @Key("A file with a list of servers, YAML or JSON, which is watched.") @Nullable
        FilePath file,

        @Key("An extension that knows the servers.") @Nullable
        Name discovery,

        @Key("What the extension is told.") Map<Name, String> options,

        @Key("How often `dns` or `srv` is looked up: `ttl`, as the records say, or a duration. Left out, it is `ttl`.")
        @Nullable
        Refresh refresh,

        @Key(
                "Which addresses of `dns` are servers: `ipv4`, `ipv6`, `both`, or `auto`, which is the IPv4 ones if there are any"
                        + " and the IPv6 ones otherwise. Left out, it is `auto`.")
        @Nullable
        Family family) {
    /** Which addresses are servers. */
    public enum Family {
        AUTO,
        IPV4,
        IPV6,
        BOTH
    }
}
