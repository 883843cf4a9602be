package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Inline;
import io.foregate.control.config.bind.Key;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to the requests for a host. */
@Form(value = "What happens to the requests for a host. A pool's name alone sends everything there.", grows = "routes")
public record Site(
        @Key(value = "The listeners that serve this site; all of them if it names none.", names = "listeners")
        List<Name> listeners,

        @Key(
                value = "What happens to a path. The most specific one wins, whatever the order: exact paths, then the"
                        + " longest prefix, then regular expressions (the longest first), and `/*` last. One path may have a list of"
                        + " routes with different conditions; the one with more conditions wins.",
                grows = "/*")
        Map<PathPattern, List<Route>> routes,

        @Key(value = "Policies for all routes of this site.", names = "policies")
        List<Name> use,

        @Key("The site's certificate; with it, the site is served with https, and plain requests are redirected there.")
        @Nullable
        Tls tls,

        @Inline Rules rules) {

    @Form(
            value = "What happens to a request. A pool's name alone sends it there. Exactly one of `to`, `split`,"
                    + " `redirect` and `respond`, here, in a policy that is used, or in the site.",
            grows = "to")
    public record Route(
            @Key(value = "The pool that answers.", names = "pools") @Nullable
            Name to,

            @Key("What else must be true of a request.") Conditions when,

            @Key(value = "Policies for this route.", names = "policies")
            List<Name> use,

            @Inline Rules rules) {}

    @Form("What else must be true of a request; all of it.")
    public record Conditions(
            @Key("The method is one of these.") List<MethodName> method,
            @Key("Header fields have these values.") Map<FieldName, ValueMatch> header,

            @Key("Query parameters have these values, compared after percent-decoding.")
            Map<String, ValueMatch> query,

            @Key("Cookies have these values.") Map<String, ValueMatch> cookie,

            @Key("The client's address is in one of these blocks.")
            List<Cidr> from) {

        /** How many there are: the one with more of them wins. */
        public int count() {
            return (method.isEmpty() ? 0 : 1) + header.size() + query.size() + cookie.size() + (from.isEmpty() ? 0 : 1);
        }
    }

    @Form(value = "A value to compare with: exactly one of `is`, `regex` and `present`.", grows = "is")
    public record ValueMatch(
            @Key("The value is exactly this.") @Nullable String is,
            @Key("The value matches this.") @Nullable Regex regex,

            @Key("Whether there is a value at all.") @Nullable
            Boolean present) {}
}
