package io.foregate.proxy.route;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;

/**
 * By what requests stay with a pool. A request that doesn't have it goes by its client's address. Immutable; no garbage.
 */
public sealed interface SplitKey {
    /** Nothing: each request for itself. */
    record Each() implements SplitKey {}

    /** The client's address; of IPv6 the first half, since devices change the rest every day. */
    record Client() implements SplitKey {}

    /** A header field's value. */
    record Field(HeaderName name) implements SplitKey {}

    /** The value of a cookie that the application sets. */
    record Cookie(Literal name) implements SplitKey {}

    /** The value of a parameter of the query, as it was sent. */
    record Parameter(Literal name) implements SplitKey {}

    /** A cookie of our own, which clients get with the first answer; see {@link #ownId}. */
    record OwnCookie(Literal name) implements SplitKey {
        /** Whether the request has an id in it already. */
        public boolean comesWith(RequestHead head) {
            return hasOwnId(head.headers(), Cookies.find(head.headers(), name));
        }
    }

    static SplitKey cookie(String name) {
        return new Cookie(Literal.of(name));
    }

    static SplitKey parameter(String name) {
        return new Parameter(Literal.of(name));
    }

    static OwnCookie ownCookie(String name) {
        return new OwnCookie(Literal.of(name));
    }

    /** The key of a request; of no use where it {@link Each goes by nothing}. */
    default long of(FilterContext context, ClientAddress client) {
        RequestHead head = context.request();
        Headers headers = head.headers();
        return switch (this) {
            case Each _, Client _ -> ofClient(client);
            case Field(HeaderName name) -> {
                int at = headers.find(name);
                yield at < 0
                        ? ofClient(client)
                        : KeyHash.of(headers.array(), headers.valueStart(at), headers.valueLength(at));
            }
            case Cookie(Literal name) -> {
                long found = Cookies.find(headers, name);
                yield found == Cookies.ABSENT ? ofClient(client) : hash(headers, found);
            }
            case Parameter(Literal name) -> {
                long found = Query.find(head, name);
                yield found == Query.ABSENT ? ofClient(client) : hash(headers, found);
            }
            case OwnCookie(Literal name) -> {
                long found = Cookies.find(headers, name);
                yield hasOwnId(headers, found) ? KeyHash.mix(ownId(headers, found)) : KeyHash.mix(ownId(context));
            }
        };
    }

    private static long hash(Headers headers, long found) {
        return KeyHash.of(headers.array(), (int) (found >>> 32), (int) found);
    }

    private static long ofClient(ClientAddress client) {
        return client.isIpv4() ? KeyHash.mix(client.ipv4()) : KeyHash.mix(client.high());
    }

    // ---- our own cookie: sixteen hexadecimal digits ----

    /** The id that a client without one gets: it follows from its request's id, so that nobody has to remember it until the answer. */
    static long ownId(FilterContext context) {
        return KeyHash.of(context.requestId(), 0, context.requestIdLength());
    }

    private static boolean hasOwnId(Headers headers, long found) {
        if (found == Cookies.ABSENT || (int) found != 16) {
            return false;
        }
        int start = (int) (found >>> 32);
        for (int i = start; i < start + 16; i++) {
            if (Octets.hexValue(headers.array()[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static long ownId(Headers headers, long found) {
        int start = (int) (found >>> 32);
        long id = 0;
        for (int i = start; i < start + 16; i++) {
            id = id << 4 | Octets.hexValue(headers.array()[i]);
        }
        return id;
    }
}
