package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How it is found out whether the servers of a pool do their work. */
@Form(
        value =
                "How it is found out whether servers do their work: by checks, of which `http`, `tcp` or `grpc` says the kind, and by"
                        + " what requests meet with (`passive`).",
        grows = "http")
public record Health(
        @Key("Checks by an HTTP request.") @Nullable Http http,

        @Key(
                "Checks by a connection, and the TLS handshake where TLS is spoken. `false` is no checks, for a pool that is like"
                        + " one that has some.")
        @Nullable
        Boolean tcp,

        @Key(
                "Checks by the health service of gRPC (`grpc.health.v1.Health`): the name of the service to ask for, or `\"\"` for the"
                        + " server as a whole.")
        @Nullable
        String grpc,

        @Key("How long after a check has begun the next one does, give or take a tenth. Left out, it is `5s`.")
        @Nullable
        Timeout interval,

        @Key("How long a check may take, connecting included. Left out, it is `2s`.") @Nullable
        Timeout timeout,

        @Key(
                value = "How many checks in a row must pass for a server that is down to be up. Left out, it is 2.",
                min = 1,
                max = 100)
        @Nullable
        Integer rise,

        @Key(
                value = "How many checks in a row must fail for a server that is up to be down. Left out, it is 3.",
                min = 1,
                max = 100)
        @Nullable
        Integer fall,

        @Key(value = "The port that is checked instead of the server's own.", min = 1, max = 65535) @Nullable
        Integer port,

        @Key("Whether checks speak TLS. Left out, they do if requests do; `false` is for a plain `port`.") @Nullable
        Boolean tls,

        @Key(
                "Whether a server that has never been checked gets requests: `serve`, or `wait` until the first check has passed."
                        + " Left out, it is `serve`.")
        @Nullable
        Unchecked unchecked,

        @Key("What follows when requests fail.") Passive passive) {

    /** What happens before the first check. */
    public enum Unchecked {
        SERVE,
        WAIT
    }

    /** Whether requests are judged at all. */
    public enum Mode {
        ON,
        OFF
    }

    @Form(value = "Checks by an HTTP request. Redirects are not followed.", grows = "path")
    public record Http(
            @Key("What is asked for: a path, and a query if there is one.")
            CheckTarget path,

            @Key("The method. Left out, it is `GET`.") @Nullable
            MethodName method,

            @Key("The Host field. Left out, it is what `host` of the pool says, or the server's own name.") @Nullable
            String host,

            @Key("The statuses that pass. Left out, they are `200-399`.")
            List<StatusRange> status,

            @Key("What the first 60KiB of the body must contain.") @Nullable
            String body) {}

    @Form(
            value =
                    "What follows when requests fail: a server that fails too often gets no requests for a while. It is on where"
                            + " nothing is said.",
            grows = "mode")
    public record Passive(
            @Key("Whether requests are judged: `on` or `off`. Left out, they are.") @Nullable
            Mode mode,

            @Key("What counts as a failure. Left out, it is `reset`, `timeout`, `500` and `502-504`.")
            List<RequestFailure> on,

            @Key("How many failures in a row eject a server; 0 is never. Left out, it is 5.") @Nullable
            Integer failures,

            @Key("What share of failures ejects a server; `0%` is never. Left out, it is `50%`.") @Nullable
            Percent rate,

            @Key("Over how long that share is taken, 1s to 10m. Left out, it is `10s`.") @Nullable
            Timeout window,

            @Key(value = "The fewest requests in that time from which a share is taken. Left out, it is 20.", min = 1)
            @Nullable
            Integer minRequests,

            @Key(
                    "How long a server is ejected the first time; each time that follows soon is twice as long. Left out, it is"
                            + " `10s`.")
            @Nullable
            Timeout ejection,

            @Key("The longest ejection. Left out, it is `5m`.") @Nullable
            Timeout longest,

            @Key(
                    "What share of the pool may be ejected at a time; one of two servers may, the only one never. Left out, it is"
                            + " `50%`.")
            @Nullable
            Percent share) {}
}
