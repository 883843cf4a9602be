package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the names of servers are looked up. */
@Form(value = "How the names of servers are looked up.", grows = "servers")
public record Dns(
        @Key("The DNS servers that are asked. Left out, they are those of `/etc/resolv.conf`.")
        List<DnsServer> servers,

        @Key("How long a DNS server may take before the next one is asked. Left out, it is `2s`.") @Nullable
        Timeout timeout) {}
