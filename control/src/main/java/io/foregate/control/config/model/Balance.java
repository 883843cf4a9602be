package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import io.foregate.control.config.bind.Shapes;
import org.jspecify.annotations.Nullable;

/** How a server is chosen. */
@Form(value = "How a server is chosen.", grows = "by")
public record Balance(
        @Key(
                "`round-robin`: each in turn. `least-requests`: the one with the fewest under way. `peak-ewma`: the one that would"
                        + " answer soonest, by its latency and what it has under way. `random`: any. `hash`: the same one for the same"
                        + " key, which is the client's address where `hash` names none. All of them heed weights.")
        @Nullable
        Method by,

        @Key("Sends requests with the same key to the same server, and says what the key is; `by` is `hash` then.")
        @Nullable
        Hash hash) {
    public static final Balance ROUND_ROBIN = new Balance(Method.ROUND_ROBIN, null);

    /** How. */
    public enum Method {
        ROUND_ROBIN,
        LEAST_REQUESTS,
        PEAK_EWMA,
        RANDOM,
        HASH
    }

    /** The method that holds. */
    public Method method() {
        return hash != null ? Method.HASH : by == null ? Method.ROUND_ROBIN : by;
    }

    @Form(
            value =
                    "The key of a request: one of `by`, `header`, `cookie` and `query`. Requests without it go to servers in turn.",
            grows = "by")
    public record Hash(
            @Key("`client`, its address (trusted proxies looked through), or `path`, without the query.") @Nullable
            Part by,

            @Key("The value of that header field.") @Nullable
            FieldName header,

            @Key("The value of that cookie.") @Nullable CookieName cookie,

            @Key("The value of that parameter of the query.") @Nullable
            String query,

            @Key(
                    "How much a server may have under way, compared with the average, before its keys go to the next one, from"
                            + " `101%`; servers with fewer than eight requests under way aren't passed over. Left out, it is `125%`.")
            @Nullable
            WholePercent bound) {
        @Override
        public String toString() {
            String key = header != null
                    ? "header " + header
                    : cookie != null
                            ? "cookie " + cookie
                            : query != null ? "query parameter " + query : by == null ? "client" : Shapes.word(by);
            return key + (bound == null ? "" : ", bound " + bound);
        }
    }

    /** A part of each request. */
    public enum Part {
        CLIENT,
        PATH
    }

    @Override
    public String toString() {
        return Shapes.word(method()) + (method() != Method.HASH ? "" : " by " + (hash == null ? "client" : hash));
    }
}
