package io.foregate.api.filter;

import io.foregate.api.message.HeaderName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a filter decides about a request. */
public sealed interface Verdict {
    /** Go on with the next step. */
    Verdict CONTINUE = new Continue();

    /** Wait: the filter will call {@link FilterContext#resume}. The request's body is not read meanwhile. */
    Verdict PAUSE = new Pause();

    /** See {@link Verdict#CONTINUE}. */
    record Continue() implements Verdict {}

    /** See {@link Verdict#PAUSE}. */
    record Pause() implements Verdict {}

    /**
     * Answer now; no origin is asked.
     *
     * @param status 200 to 599
     * @param headers added as they stand
     * @param body whole, or null for none; small by nature, since it is held in memory
     */
    record Respond(int status, List<Field> headers, byte @Nullable [] body) implements Verdict {}

    /** One field of an answer, its value already checked. */
    record Field(HeaderName name, byte[] value) {}
}
