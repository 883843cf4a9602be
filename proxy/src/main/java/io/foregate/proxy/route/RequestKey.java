package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.balance.KeyHash;
import io.foregate.proxy.balance.Picking;

/**
 * The part of a request that decides which endpoint gets it, where endpoints are chosen by hash. Where a field, parameter or cookie
 * occurs more than once, the first counts. Immutable, shared by all loops; makes no garbage.
 */
public sealed interface RequestKey {
    /** Hashes the key into {@code into}; leaves that alone where the request has none. */
    void read(RequestHead head, ClientAddress client, Picking into);

    /** The value of a field. */
    record Header(HeaderName name) implements RequestKey {
        @Override
        public void read(RequestHead head, ClientAddress client, Picking into) {
            Headers headers = head.headers();
            int at = headers.find(name);
            if (at >= 0) {
                into.key(KeyHash.of(headers.array(), headers.valueStart(at), headers.valueLength(at)));
            }
        }
    }

    /** The value of a cookie, as it was sent. */
    record Cookie(Literal name) implements RequestKey {
        @Override
        public void read(RequestHead head, ClientAddress client, Picking into) {
            found(Cookies.find(head.headers(), name), head, into);
        }
    }

    /** The value of a query parameter, as it was sent. */
    record Query(Literal name) implements RequestKey {
        @Override
        public void read(RequestHead head, ClientAddress client, Picking into) {
            found(io.foregate.proxy.route.Query.find(head, name), head, into);
        }
    }

    /** The client's address, trusted proxies looked through. */
    record Client() implements RequestKey {
        @Override
        public void read(RequestHead head, ClientAddress client, Picking into) {
            into.key(KeyHash.of(client.high(), client.low()));
        }
    }

    /** The path, as routes see it, without the query. */
    record Path() implements RequestKey {
        @Override
        public void read(RequestHead head, ClientAddress client, Picking into) {
            into.key(KeyHash.of(head.headers().array(), head.matchStart(), head.matchLength()));
        }
    }

    private static void found(long found, RequestHead head, Picking into) {
        // Both are absent as -1.
        if (found != Cookies.ABSENT) {
            into.key(KeyHash.of(head.headers().array(), (int) (found >>> 32), (int) found));
        }
    }
}
