package io.foregate.proxy.codec.h2;

import static io.foregate.api.message.Failure.Kind.BAD_HOST;
import static io.foregate.api.message.Failure.Kind.CONNECT_REFUSED_BY_POLICY;
import static io.foregate.api.message.Failure.Kind.MALFORMED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.RequestRules;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import io.foregate.proxy.codec.hpack.PseudoName;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request's head of pseudo-fields and fields, and judges it (RFC 9113 §8.3, RFC 8441): with the rules of every version,
 * and those that HTTP/2 has besides. What passes looks as if it had come by HTTP/1: it has a Host, one Cookie, and no field
 * of its connection.
 *
 * <p>Owned by one connection, reused.
 */
final class RequestAssembler implements HpackDecoder.PseudoFields {
    private static final byte[] HTTP = Octets.ascii("http");
    private static final byte[] HTTPS = Octets.ascii("https");
    private static final byte[] TRAILERS = Octets.ascii("trailers");
    private static final byte[] CRUMB = Octets.ascii("; ");

    private final HeadLimits limits;
    private final int[] starts = new int[PseudoName.UNKNOWN];
    private final int[] lengths = new int[PseudoName.UNKNOWN];
    private int seen;

    RequestAssembler(HeadLimits limits) {
        this.limits = limits;
    }

    void begin() {
        seen = 0;
    }

    @Override
    public boolean pseudo(int name, int valueStart, int valueLength) {
        int bit = 1 << name;
        if (name == PseudoName.STATUS || name == PseudoName.UNKNOWN || (seen & bit) != 0) {
            return false;
        }
        seen |= bit;
        starts[name] = valueStart;
        lengths[name] = valueLength;
        return true;
    }

    private boolean has(int name) {
        return (seen & 1 << name) != 0;
    }

    /** Judges a head whose section has been decoded into it; {@code end} says that no body follows. */
    Failure.@Nullable Kind judge(RequestHead into, boolean end) {
        Headers headers = into.headers();
        into.httpVersion(20);
        Failure.Kind wrong = method(into);
        if (wrong == null) {
            wrong = scheme(headers) ? RequestRules.path(into, starts[PseudoName.PATH], lengths[PseudoName.PATH], limits) : MALFORMED;
        }
        if (wrong == null && FieldRules.connectionSpecific(headers)) {
            wrong = MALFORMED;
        }
        if (wrong == null) {
            wrong = host(into, headers);
        }
        if (wrong == null) {
            wrong = body(into, end);
        }
        if (wrong == null) {
            wrong = RequestRules.expect(into);
        }
        if (wrong == null && headers.contains(HeaderName.TE)) {
            wrong = te(into, headers);
        }
        if (wrong == null) {
            joinCookies(headers);
            headers.remove(HeaderName.HTTP2_SETTINGS);
            wrong = RequestRules.resolve(into);
        }
        return wrong;
    }

    private Failure.@Nullable Kind method(RequestHead into) {
        if (!has(PseudoName.METHOD)) {
            return MALFORMED;
        }
        Failure.Kind wrong = RequestRules.method(into, starts[PseudoName.METHOD], lengths[PseudoName.METHOD]);
        boolean connect = wrong == null && into.method() == Method.CONNECT;
        if (wrong != null || !connect) {
            return has(PseudoName.PROTOCOL) ? MALFORMED : wrong;
        }
        if (!has(PseudoName.PROTOCOL)) {
            return CONNECT_REFUSED_BY_POLICY;
        }
        return RequestRules.upgrade(into, starts[PseudoName.PROTOCOL], lengths[PseudoName.PROTOCOL])
                ? asGet(into)
                : CONNECT_REFUSED_BY_POLICY;
    }

    // Everyone behind sees the upgrade as HTTP/1 has it.
    private static Failure.@Nullable Kind asGet(RequestHead into) {
        Headers headers = into.headers();
        int at = headers.end();
        byte[] block = headers.reserve(3);
        block[at] = 'G';
        block[at + 1] = 'E';
        block[at + 2] = 'T';
        headers.end(at + 3);
        into.method(Method.GET, at, 3);
        return null;
    }

    private boolean scheme(Headers headers) {
        byte[] block = headers.array();
        int start = starts[PseudoName.SCHEME];
        int length = lengths[PseudoName.SCHEME];
        return has(PseudoName.SCHEME)
                && has(PseudoName.PATH)
                && (Octets.equalsIgnoreCase(block, start, length, HTTP)
                        || Octets.equalsIgnoreCase(block, start, length, HTTPS));
    }

    /** RFC 9113 §8.3.1: {@code :authority} counts, and a Host that says otherwise is refused. */
    private Failure.@Nullable Kind host(RequestHead into, Headers headers) {
        if (has(PseudoName.AUTHORITY)) {
            int start = starts[PseudoName.AUTHORITY];
            int length = lengths[PseudoName.AUTHORITY];
            for (int i = headers.find(HeaderName.HOST); i >= 0; i = headers.findNext(HeaderName.HOST, i)) {
                if (!same(headers, i, start, length)) {
                    return BAD_HOST;
                }
            }
            headers.remove(HeaderName.HOST);
            headers.begin(HeaderName.HOST);
            headers.appendOwn(start, length);
            headers.finish(HeaderName.HOST);
        }
        return RequestRules.host(into, false);
    }

    private static boolean same(Headers headers, int position, int start, int length) {
        byte[] block = headers.array();
        int value = headers.valueStart(position);
        if (headers.valueLength(position) != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Octets.lower(block[value + i]) != Octets.lower(block[start + i])) {
                return false;
            }
        }
        return true;
    }

    private static Failure.@Nullable Kind body(RequestHead into, boolean end) {
        boolean tunnel = into.upgradeLength() > 0;
        into.bodyLength(end || tunnel ? 0 : Head.UNKNOWN_LENGTH);
        Failure.Kind wrong = RequestRules.length(into);
        return wrong == null && (end || tunnel) && into.bodyLength() > 0 ? MALFORMED : wrong;
    }

    private static Failure.@Nullable Kind te(RequestHead into, Headers headers) {
        for (int i = headers.find(HeaderName.TE); i >= 0; i = headers.findNext(HeaderName.TE, i)) {
            if (!headers.valueEqualsIgnoreCase(i, TRAILERS)) {
                return MALFORMED;
            }
        }
        headers.remove(HeaderName.TE);
        into.trailersAccepted(true);
        return null;
    }

    /** RFC 9113 §8.2.3: one Cookie field before anybody else sees it. */
    private static void joinCookies(Headers headers) {
        int first = headers.find(HeaderName.COOKIE);
        if (first < 0 || headers.findNext(HeaderName.COOKIE, first) < 0) {
            return;
        }
        headers.begin(HeaderName.COOKIE);
        for (int i = first; i >= 0; i = headers.findNext(HeaderName.COOKIE, i)) {
            if (i != first) {
                headers.append(CRUMB);
            }
            headers.appendOwn(headers.valueStart(i), headers.valueLength(i));
        }
        // Only now, so that the new field isn't among those that it is made of.
        for (int i = first; i >= 0; i = headers.findNext(HeaderName.COOKIE, i)) {
            headers.removeAt(i);
        }
        headers.finish(HeaderName.COOKIE);
    }
}
