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

        @Key("How large a request's head may be here. What isn't said is as in `defaults`.")
        HeadLimits limits,

        @Key("How long clients may take here. What isn't said is as in `defaults`.")
        ClientTimeouts timeouts,

        @Key(
                "Which versions of HTTP are spoken here; all of them when nothing is said. Over TLS the client chooses (ALPN), on"
                        + " plain connections HTTP/2 is spoken with clients that begin with it.")
        @Nullable
        List<Protocol> protocols,

        @Key("What clients may do with HTTP/2 here.") Http2 http2,

        @Key("How slow clients may be here. What isn't said is as in `defaults`.")
        MinimumRate minRate,

        @Key(
                value = "Whether load balancers in front announce clients with the PROXY protocol, version 1 or 2.",
                otherwise = "off")
        ProxyProtocol proxyProtocol) {

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

    @Form("How large a request's head may be, and how many connections there may be. They are checked before a route is"
            + " known, so they belong to listeners.")
    public record HeadLimits(
            @Key("The longest request target (path and query); beyond it the answer is 414.") @Nullable
            Size target,

            @Key("The most bytes in all header fields together; beyond it the answer is 431.") @Nullable
            Size headerBytes,

            @Key("The most header fields; beyond it the answer is 431.") @Nullable
            Count headerCount,

            @Key("The most connections of a listener; further ones are closed at once.") @Nullable
            Count connections,

            @Key("The most connections of one client (an IPv4 address or an IPv6 /64) to a listener; further ones are"
                    + " closed at once. `trusted-proxies` may have more, as they stand for many.")
            @Nullable
            Count connectionsPerClient) {}

    @Form("How long clients may take. They apply before a route is known, so they belong to listeners.")
    public record ClientTimeouts(
            @Key(
                    "From a request's first byte, or from the connection's begin, to the end of its head; then the answer is 408.")
            @Nullable
            Timeout headerRead,

            @Key("How long a connection may stay open without a request.") @Nullable
            Timeout keepAlive) {}

    @Form(
            "How slow a client may be: as long as Foregate waits for it, it has to move that much on average over each span.")
    public record MinimumRate(
            @Key("How fast a request's body has to come.") @Nullable
            ByteRate upload,

            @Key("How fast an answer that is ready has to be taken.") @Nullable
            ByteRate download,

            @Key(
                    "The span over which it is measured. A client may pause for as long, or up to four times that if it was faster before.")
            @Nullable
            Timeout over) {}

    @Form(
            value =
                    "Who announces clients with the PROXY protocol, version 1 or 2: then the announced address is the client's.",
            grows = "mode")
    public record ProxyProtocol(
            @Key(
                    value =
                            "`required`: only peers in `from` may connect, and each connection begins with a header; `optional`:"
                                    + " peers in `from` may send one, others are served and must not; `off`: nobody looks for one.",
                    otherwise = "required")
            Mode mode,

            @Key("The load balancers whose word is taken. Without it, those in `trusted-proxies`.") @Nullable
            List<Cidr> from,

            @Key(value = "From the connection's begin to the end of the header.", otherwise = "5s")
            Timeout timeout) {
        /** What is expected of a connection. */
        public enum Mode {
            OFF,
            OPTIONAL,
            REQUIRED
        }
    }

    @Form("The limits of requests, wherever nothing else is said.")
    public record AllLimits(@Inline HeadLimits head, @Inline Rules.BodyLimits body) {}

    @Form("The timeouts of both sides, wherever nothing else is said.")
    public record AllTimeouts(
            @Inline ClientTimeouts client, @Inline Rules.Timeouts exchange) {}
}
