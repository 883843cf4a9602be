package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import org.jspecify.annotations.Nullable;

/** What holds wherever nothing else is said. What is left out here is in {@link BuiltIn}. */
@Form("What holds wherever nothing else is said: for all sites, pools and listeners of the file.")
public record Defaults(
        @Key("How large requests may be.") Listener.AllLimits limits,
        @Key("How long everything may take.") Listener.AllTimeouts timeouts,
        @Key("How slow clients may be.") Listener.MinimumRate minRate,

        @Key("Changes to the header fields of every request that is forwarded.")
        Rules.HeaderEdits requestHeaders,

        @Key("Changes to the header fields of every response.")
        Rules.HeaderEdits responseHeaders,

        @Key("How origins are told about the client.") Rules.@Nullable Forwarded forwarded,

        @Key("Whether this proxy adds itself to the `Via` field of requests.")
        Rules.@Nullable Via via,

        @Key("What happens to the origin's `Server` field.") Rules.@Nullable ServerHeader serverHeader,

        @Key("Whether plain requests for sites that have a certificate are redirected to https.") @Nullable
        HttpsRedirect httpsRedirect,

        @Key("Tells browsers to come with https only from now on (HSTS).")
        Rules.@Nullable Hsts hsts,

        @Key("How pools choose a server.") @Nullable Balance balance,
        @Key("Connections to each server.") Pool.Connections connections,
        @Key("Requests that wait for a connection.") Pool.Queue queue,
        @Key("When a request is tried again.") Retry retry,

        @Key("What origins are told in the Host header.") @Nullable
        HostHeader host) {}
