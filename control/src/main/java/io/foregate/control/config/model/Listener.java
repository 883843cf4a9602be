package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Inline;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place where connections are accepted. */
@Form(value = "A place where connections are accepted.", grows = "address")
public record Listener(
        @Key("The address and port to listen on.") ListenAddress address,

        @Key(
                "Whether TLS is spoken here: `on` or `off`. When nothing is said, it is spoken on port 443 and 8443 if a site that"
                        + " is served here has a certificate.")
        @Nullable
        TlsMode tls,

        @Key("The proxies in front of this listener; replaces the top-level `trusted-proxies`.") @Nullable
        List<Cidr> trustedProxies,

        @Key("How large a request's head may be here; replaces the limits of `defaults`.")
        HeadLimits limits,

        @Key("How long clients may take here; replaces the timeouts of `defaults`.")
        ClientTimeouts timeouts,

        @Key(
                "Which versions of HTTP are spoken here; all of them when nothing is said. Over TLS the client chooses (ALPN), on"
                        + " plain connections HTTP/2 is spoken with clients that begin with it.")
        @Nullable
        List<Protocol> protocols,

        @Key("What clients may do with HTTP/2 here.") Http2 http2) {

    /** A version of HTTP. */
    public enum Protocol {
        /** HTTP/1.1 and 1.0. */
        H1,
        /** HTTP/2. */
        H2
    }

    /** Whether TLS is spoken. */
    public enum TlsMode {
        ON,
        OFF
    }

    @Form("How large a request's head may be. They are checked before a route is known, so they belong to listeners.")
    public record HeadLimits(
            @Key("The longest request target (path and query); beyond it the answer is 414.") @Nullable
            Size target,

            @Key("The most bytes in all header fields together; beyond it the answer is 431.") @Nullable
            Size headerBytes,

            @Key("The most header fields; beyond it the answer is 431.") @Nullable
            Count headerCount) {}

    @Form("How long clients may take. They apply before a route is known, so they belong to listeners.")
    public record ClientTimeouts(
            @Key(
                    "From a request's first byte, or from the connection's begin, to the end of its head; then the answer is 408.")
            @Nullable
            Timeout headerRead,

            @Key("How long a connection may stay open without a request.") @Nullable
            Timeout keepAlive) {}

    @Form("The limits of requests, wherever nothing else is said.")
    public record AllLimits(@Inline HeadLimits head, @Inline Rules.BodyLimits body) {}

    @Form("The timeouts of both sides, wherever nothing else is said.")
    public record AllTimeouts(
            @Inline ClientTimeouts client, @Inline Rules.Timeouts exchange) {}
}
