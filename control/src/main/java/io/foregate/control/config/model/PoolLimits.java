package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import org.jspecify.annotations.Nullable;

/** How much a pool may have to do at a time. */
@Form(
        value =
                "How much a pool may have to do at a time, counted over the whole process. A request beyond a limit goes to a"
                        + " server that has room; when there is none the answer is 503, at once.",
        grows = "requests")
public record PoolLimits(
        @Key(
                "The most requests under way at one server, those included that wait for a connection. Left out, there is no limit.")
        @Nullable
        Count requests,

        @Key("The most requests under way in the whole pool. Left out, there is no limit.") @Nullable
        Count poolRequests,

        @Key(
                "The most requests that wait for a connection in the whole pool; for each server `queue.max` says it. Left out, there"
                        + " is no limit.")
        @Nullable
        Count poolQueue,

        @Key(
                "The most retries under way at a time in the whole pool; further ones are left out. Left out, there is no limit.")
        @Nullable
        Count retries) {}
