package io.foregate.proxy.sample;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.proxy.route.Literal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one head as a {@link HeadSampler} has written it. Cold; one use. */
final class HeadReader {
    /** A field's value follows. */
    static final byte VALUE = 1;
    /** The mark of a value that was too long. */
    static final byte VALUE_MARK = 2;

    static final byte FIELD_MARK = 3;
    static final byte PARAMETER_MARK = 4;
    static final byte COOKIE_MARK = 5;

    private final byte[] bytes;
    private final int flags;
    private final int end;
    private int at;

    HeadReader(byte[] bytes, int at, int length, int flags) {
        this.bytes = bytes;
        this.flags = flags;
        this.at = at;
        this.end = at + length;
    }

    /** @param rest what is known of it besides */
    SampledHead read(SampledHead rest) {
        if (has(HeadRing.TOO_LARGE)) {
            return rest;
        }
        SampledHead.Target target = new SampledHead.Target(text(), text(), text());
        String names = text();
        SampledHead.Query query = new SampledHead.Query(
                has(HeadRing.QUERY),
                names.isEmpty() ? List.of() : List.of(names.split("&")),
                has(HeadRing.OTHER_PARAMETERS));
        return new SampledHead(rest.origin(), rest.end(), rest.requests(), target, query, known(rest), rest.kept());
    }

    private SampledHead.Known known(SampledHead rest) {
        KeptNames kept = rest.kept();
        Map<HeaderName, String> values = new HashMap<>();
        Map<HeaderName, Long> marks = new HashMap<>();
        Map<Literal, Long> parameters = new HashMap<>();
        Map<Literal, Long> cookies = new HashMap<>();
        while (at < end) {
            byte kind = bytes[at++];
            int name = (bytes[at++] & 0xff) << 8 | bytes[at++] & 0xff;
            switch (kind) {
                case VALUE -> values.put(kept.values().get(name), text());
                case VALUE_MARK -> marks.put(kept.values().get(name), mark());
                case FIELD_MARK -> marks.put(kept.marked().get(name), mark());
                case PARAMETER_MARK -> parameters.put(kept.parameters().get(name), mark());
                case COOKIE_MARK -> cookies.put(kept.cookies().get(name), mark());
                default -> throw new IllegalStateException("a sampled head has kind " + kind + " in it");
            }
        }
        return new SampledHead.Known(
                values, marks, parameters, cookies, rest.known().bits(), has(HeadRing.CUT));
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private String text() {
        int length = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        String text = Octets.string(bytes, at + 2, length);
        at += 2 + length;
        return text;
    }

    private long mark() {
        long mark = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            mark = mark << 8 | bytes[at++] & 0xffL;
        }
        return mark;
    }
}
