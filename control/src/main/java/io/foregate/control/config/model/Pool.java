package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Inline;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group of origin servers that can stand in for each other. */
@Form(value = "A group of origin servers that can stand in for each other.", grows = "servers")
public record Pool(
        @Key(value = "Another pool, from which everything is taken that isn't given here.", names = "pools") @Nullable
        Name like,

        @Key("The servers.") List<Server> servers,

        @Key("How a server is chosen. Left out, it is `round-robin`.") @Nullable
        Balance balance,

        @Key("Whether a client comes back to the server that answered it first, by a cookie of this name.") @Nullable
        Sticky sticky,

        @Key(
                "How long the share of a server grows that is new or has come back, beginning with a tenth. Left out, it is `none`.")
        @Nullable
        Timeout slowStart,

        @Key(
                "When fewer servers of a priority than this are up and the others can't stand in, those that are down are asked, too,"
                        + " rather than crush the rest; `0%` is never. Left out, it is `20%`.")
        @Nullable
        WholePercent panic,

        @Key(
                "How much more than their own part servers can carry: a priority, or a zone, gives requests away when fewer of its"
                        + " servers are up than that makes good. Left out, it is `40%`: as soon as less than 71 % is up.")
        @Nullable
        WholePercent headroom,

        @Key("How long an exchange with these servers may take; sites, policies and routes may say otherwise.")
        Rules.Timeouts timeouts,

        @Key("Connections to each server.") Connections connections,
        @Key("Requests that wait for a connection.") Queue queue,

        @Key("When a request is tried again; sites, policies and routes may say otherwise.")
        Retry retry,

        @Key("How much there may be to do at a time.") PoolLimits limits,

        @Key(
                "Whether the number of requests that each server may have to answer at a time is found by itself: `adaptive` or `off`.")
        @Nullable
        Concurrency concurrency,

        @Key("What the servers are told in the Host header: `pass`, `upstream`, or a host.") @Nullable
        HostHeader host,

        @Key("TLS towards the servers that are written with `https://`.")
        Tls tls,

        @Key(
                "Which version of HTTP is spoken: `auto` lets servers choose by ALPN where TLS is spoken and is HTTP/1.1 where it"
                        + " isn't, `h1` is HTTP/1.1 always, `h2` HTTP/2 always. Left out, it is `auto`.")
        @Nullable
        Protocol protocol,

        @Key(
                value =
                        "Whether connections begin with a PROXY protocol header that names the client. Left out, it is `off`.")
        @Nullable
        ProxyProtocol proxyProtocol,

        @Key("How it is found out whether servers do their work.")
        Health health) {

    @Form(
            value =
                    "An origin server, or a place where origin servers are found: one of `address`, `dns`, `srv`, `file` and"
                            + " `discovery`.",
            grows = "address")
    public record Server(
            @Key("Where it is.") @Nullable ServerAddress address,

            @Key(
                    value = "Its share of the requests, against the weights of the others.",
                    otherwise = "1",
                    min = 1,
                    max = 1000)
            int weight,

            @Key("Where it is: `process.zone` says where this process is, and servers of the same zone come first.")
            @Nullable
            Name zone,

            @Key(
                    value =
                            "Servers with 0 come first; those with higher numbers get what the ones before them can't carry.",
                    otherwise = "0",
                    max = 100)
            int priority,

            @Key(value = "Whether it gets requests only when no other server is up.", otherwise = "false")
            boolean backup,

            @Inline Discovered found) {
        /** Whether TLS is spoken to it, as far as this is known here; what files and extensions say isn't. */
        public boolean secure() {
            return address != null && address.secure()
                    || found.dns() != null && found.dns().secure()
                    || found.srv() != null && found.srv().secure();
        }

        /** Whether somebody else says whether TLS is spoken. */
        public boolean maybeSecure() {
            return found.file() != null || found.discovery() != null;
        }

        /** Where it is, or where to look for it. */
        public String where() {
            if (address != null) {
                return address.toString();
            }
            if (found.dns() != null) {
                return "dns " + found.dns();
            }
            if (found.srv() != null) {
                return "srv " + found.srv();
            }
            return found.file() != null ? "file " + found.file() : "discovery " + found.discovery();
        }

        /** As {@code explain} prints it. */
        @Override
        public String toString() {
            return where()
                    + (weight == 1 ? "" : " weight " + weight)
                    + (zone == null ? "" : " zone " + zone)
                    + (priority == 0 ? "" : " priority " + priority)
                    + (backup ? " backup" : "");
        }
    }

    /** Which version of HTTP is spoken. */
    public enum Protocol {
        AUTO,
        H1,
        H2
    }

    /** Whether, and how, servers are told of the client before HTTP. */
    public enum ProxyProtocol {
        OFF,
        V1,
        V2
    }

    @Form("Connections to each server, counted over the whole process.")
    public record Connections(
            @Key("The most connections to one server.") @Nullable
            Count max,

            @Key("The most connections to one server that are kept open without a request.") @Nullable
            Count idle,

            @Key("How long a connection is kept open without a request.") @Nullable
            Timeout idleTimeout) {}

    @Form("Requests that wait because every server has its most connections. Beyond these bounds the answer is 503.")
    public record Queue(
            @Key("The most requests that wait; 0 is no queue.") @Nullable
            Count max,

            @Key("How long one waits.") @Nullable Timeout timeout) {}

    @Form(
            value =
                    "TLS towards the servers that are written with `https://`. Without any of this their certificates are"
                            + " verified against the CAs that the system trusts.",
            grows = "ca")
    public record Tls(
            @Key("A file with the certificates (PEM) of the CAs that are trusted instead of the system's.") @Nullable
            FilePath ca,

            @Key("The name that is asked for (SNI) and that the certificate has to carry, instead of the server's own.")
            @Nullable
            ServerName name,

            @Key("A file with our own certificate (PEM, with its chain), for servers that ask for one; needs `key`.")
            @Nullable
            FilePath cert,

            @Key("A file with the private key (PEM) of `cert`.") @Nullable
            FilePath key,

            @Key("Whether certificates are verified; `false` talks to anybody who answers. Left out, they are.")
            @Nullable
            Boolean verify) {}
}
