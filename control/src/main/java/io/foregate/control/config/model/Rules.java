package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Inline;
import io.foregate.control.config.bind.Key;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done on the way: the keys of a policy, which sites and routes may hold themselves too. */
@Form("Rules with a name. A site or a route takes them over with `use`; it may also hold the same keys itself.")
public record Rules(
        @Key("Changes to the header fields of requests that are forwarded.")
        HeaderEdits requestHeaders,

        @Key("Changes to the header fields of responses.") HeaderEdits responseHeaders,

        @Key(
                "Takes this off the front of the path before the request is forwarded, on segment boundaries. Happens before"
                        + " `rewrite`.")
        @Nullable
        LiteralPath stripPrefix,

        @Key("Gives the request another path before it is forwarded. The query stays.") @Nullable
        Rewrite rewrite,

        @Key("Answers with a redirect.") @Nullable Redirect redirect,
        @Key("Answers with a fixed response.") @Nullable Respond respond,
        @Key("How large requests may be.") BodyLimits limits,
        @Key("How long an exchange with a server may take.") Timeouts timeouts,

        @Key("How origins are told about the client: `x` for `X-Forwarded-For`, `-Proto` and `-Host`, `rfc7239` for"
                + " `Forwarded`, `both`, or `off`.")
        @Nullable
        Forwarded forwarded,

        @Key("Whether this proxy adds itself to the `Via` field of requests: `on` or `off`.") @Nullable
        Via via,

        @Key("Whether the origin's `Server` field goes to the client: `keep` or `remove`.") @Nullable
        ServerHeader serverHeader,

        @Key(
                "Whether plain requests for a site that has a certificate are redirected to https: `on`, `off`, or the port to"
                        + " which they are.")
        @Nullable
        HttpsRedirect httpsRedirect,

        @Key(
                "Tells browsers to come with https only from now on, for as long as this says (HSTS): a duration, or `none` to say"
                        + " nothing of it.")
        @Nullable
        Hsts hsts,

        @Key("When a request is tried again.") Retry retry,

        @Inline Traffic traffic) {

    @Form(value = "Tells browsers to come with https only (RFC 6797).", grows = "max-age")
    public record Hsts(
            @Key("For how long they remember it; `none` says nothing of it.")
            Timeout maxAge,

            @Key(value = "Whether it holds for all names below the site's, too.", otherwise = "false")
            boolean includeSubdomains,

            @Key(value = "Whether browsers may have it built in.", otherwise = "false")
            boolean preload) {}

    @Form("Changes to header fields. Names are equal in any case.")
    public record HeaderEdits(
            @Key("Fields that get this value; what was there is replaced.")
            Map<FieldName, Template> set,

            @Key("Fields that get this value besides what is there.")
            Map<FieldName, List<Template>> add,

            @Key("Fields that are taken away.") List<FieldName> remove) {}

    @Form(value = "Gives the request another path: either `path`, or `regex` with `to`.", grows = "path")
    public record Rewrite(
            @Key("The new path.") @Nullable LiteralPath path,

            @Key("If the path matches this, `to` becomes the new path.") @Nullable
            Regex regex,

            @Key("The new path; `$1` to `$9` stand for the groups of `regex`, `$0` for all that it matched.") @Nullable
            String to) {}

    @Form(value = "Answers with a redirect.", grows = "to")
    public record Redirect(
            @Key("Where to: a URL, or a path that begins with `/`.")
            Template to,

            @Key(value = "301, 302, 303, 307 or 308.", otherwise = "302", min = 301, max = 308)
            int status) {}

    @Form(value = "Answers with a fixed response.", grows = "status")
    public record Respond(
            @Key(value = "The status of the response.", otherwise = "200", min = 200, max = 599)
            int status,

            @Key("The body, as UTF-8. Its type is `text/plain` unless `headers` says something else.") @Nullable
            String body,

            @Key("Header fields of the response.") Map<FieldName, Template> headers) {}

    @Form("How large requests may be.")
    public record BodyLimits(
            @Key("The largest request body; beyond it the answer is 413.") @Nullable
            Size body) {}

    @Form(
            "How long an exchange with a server may take. Beyond any of them the answer is 504, 502 where the TLS handshake with the"
                    + " server took too long, or 408 where the client fell silent; an answer that has begun is broken off.")
    public record Timeouts(
            @Key("Until a connection to a server is open; then another server is tried.") @Nullable
            Timeout connect,

            @Key("From the end of the request to the first byte of the answer.") @Nullable
            Timeout firstByte,

            @Key("The longest time without a byte in either direction while an exchange is under way.") @Nullable
            Timeout idle,

            @Key("From the end of the request's head to the last byte of the answer.") @Nullable
            Timeout total,

            @Key("The longest time without a byte in either direction after an upgrade, as to WebSocket.") @Nullable
            Timeout tunnelIdle) {}

    /** How origins are told about the client. */
    public enum Forwarded {
        X,
        RFC7239,
        BOTH,
        OFF;

        public boolean sendsX() {
            return this == X || this == BOTH;
        }

        public boolean sendsRfc7239() {
            return this == RFC7239 || this == BOTH;
        }
    }

    /** Whether this proxy adds itself to the Via field of requests (RFC 9110 §7.6.3). */
    public enum Via {
        ON,
        OFF
    }

    /** What happens to the origin's Server field. */
    public enum ServerHeader {
        KEEP,
        REMOVE
    }
}
