package io.foregate.proxy.sample;

import io.foregate.api.message.HeaderName;
import io.foregate.proxy.route.Literal;
import java.util.List;

/**
 * What of a request's head is kept besides method, host, path, the names in its query, and the client's network. Immutable; those
 * that keep the same are equal.
 *
 * @param values fields that are kept with their values
 * @param marked fields of which nobody is to know the value: a mark stands for it
 * @param parameters of the query, of whose values there are marks
 * @param cookies of whose values there are marks; of all others not even the name is kept
 */
public record KeptNames(
        List<HeaderName> values, List<HeaderName> marked, List<Literal> parameters, List<Literal> cookies) {
    public KeptNames {
        values = List.copyOf(values);
        marked = List.copyOf(marked);
        parameters = List.copyOf(parameters);
        cookies = List.copyOf(cookies);
    }
}
