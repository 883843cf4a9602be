package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a request is tried again. */
@Form(
        value = "When a request is tried again: only what is safe to repeat, only before the first byte of an answer"
                + " went to the client, and on another server if there is one.",
        grows = "attempts")
public record Retry(
        @Key(
                value =
                        "How many times after the first; 0 is never. What no server has seen goes to the next one without being"
                                + " counted.",
                max = 10)
        @Nullable
        Integer attempts,

        @Key("What has to happen to an attempt; instead of `connect`, `reset-before-response` and `timeout`.") @Nullable
        List<RetryOn> on,

        @Key("Which requests may be sent twice: `idempotent` for GET, HEAD, OPTIONS, PUT and DELETE, or `any`.")
        @Nullable
        Methods methods,

        @Key(
                "How long a server may take to begin its answer, from the end of the request, before another one is asked. The last"
                        + " attempt has as long as `timeouts.first-byte` allows.")
        @Nullable
        Timeout tryTimeout,

        @Key(
                "The most of a request's body that is kept in memory for sending it again; a larger one is sent once. At most 1MiB.")
        @Nullable
        Size buffer,

        @Key("How long to wait before a server is asked again that has been asked already.")
        Backoff backoff,

        @Key(
                "The longest `Retry-After` of a server that is waited for before it is asked again; if it says more, its answer goes"
                        + " to the client.")
        @Nullable
        Timeout maxRetryAfter,

        @Key("How many requests may be sent another time, against all that the pool gets.")
        Budget budget,

        @Key(
                "When a second request goes to another server beside one that isn't answered. The first answer goes to the client."
                        + " Only for GET, HEAD and OPTIONS, and within the budget.")
        @Nullable
        HedgeAfter hedge) {
    /** Which requests may be sent twice. */
    public enum Methods {
        IDEMPOTENT,
        ANY
    }

    @Form(
            value =
                    "How long to wait before a server is asked again: a random time up to a bound, which doubles with every wait.",
            grows = "first")
    public record Backoff(
            @Key("The bound of the first wait.") @Nullable Timeout first,

            @Key("The bound that it doesn't double beyond.") @Nullable
            Timeout most) {}

    @Form(
            value =
                    "How many requests may be sent another time, hedges among them, counted over ten seconds. Beyond it failures are"
                            + " the client's, so that a disturbance doesn't become an outage.",
            grows = "share")
    public record Budget(
            @Key("How many of a hundred requests.") @Nullable
            RetryShare share,

            @Key(value = "How many in a second, however few requests there are.", max = 100_000) @Nullable
            Integer minPerSecond) {}
}
