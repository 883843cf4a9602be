package io.foregate.proxy.sample;

import io.foregate.api.message.HeaderName;
import io.foregate.proxy.route.Literal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was kept of one request. A value.
 *
 * @param requests how many requests it stands for
 * @param target what was asked for, or null when it was too large to be kept
 * @param query the names in the query
 * @param kept what was to be kept of fields, parameters and cookies when it came
 */
public record SampledHead(
        Origin origin, End end, int requests, @Nullable Target target, Query query, Known known, KeptNames kept) {
    /**
     * Where it came from.
     *
     * @param clientHigh of the client's network, as in {@link io.foregate.api.message.ClientAddress}
     * @param secure whether it came by TLS, or is said to
     */
    public record Origin(long epochMillis, String listener, long clientHigh, long clientLow, boolean secure) {}

    /**
     * What became of it.
     *
     * @param site that took it, empty where none did
     * @param status 0 when it got none, or hasn't ended yet
     * @param firstByteMicros from when there was a connection to an origin until its answer began; 0 where there was none
     * @param totalMicros until its end; 0 when it hasn't ended yet
     * @param bodyBytes that were announced or came
     */
    public record End(String site, String route, int status, int firstByteMicros, int totalMicros, long bodyBytes) {}

    /** What was asked for; the path without dot segments. */
    public record Target(String method, String authority, String path) {}

    /**
     * The names in its query, as they were sent.
     *
     * @param present whether there was a query at all
     * @param others whether there was more in it than these names
     */
    public record Query(boolean present, List<String> names, boolean others) {}

    /**
     * What is known of its fields.
     *
     * @param values of fields
     * @param marks of the values of fields; those kept in full aren't among them
     * @param cut whether there may have been more
     */
    public record Known(
            Map<HeaderName, String> values,
            Map<HeaderName, Long> marks,
            Map<Literal, Long> parameters,
            Map<Literal, Long> cookies,
            Bits bits,
            boolean cut) {}

    /** Groups of names among which the names of fields and cookies were. */
    public record Bits(long fieldsLow, long fieldsHigh, long cookiesLow, long cookiesHigh) {}

    /** Whether there may have been a field of that name, of which nothing else is known. */
    public boolean mayHaveField(String name) {
        return has(name, known.bits.fieldsLow, known.bits.fieldsHigh);
    }

    /** The same for a cookie. */
    public boolean mayHaveCookie(String name) {
        return has(name, known.bits.cookiesLow, known.bits.cookiesHigh);
    }

    private static boolean has(String name, long low, long high) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int bit = NameBits.of(bytes, 0, bytes.length);
        return ((bit < 64 ? low : high) >>> (bit & 63) & 1) != 0;
    }
}
