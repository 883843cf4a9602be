package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a request name the pool of a split that it wants, in a header field or a cookie. Immutable; no garbage. */
public final class SplitOverride {
    /** Requests can't choose. */
    public static final SplitOverride NONE = new SplitOverride(List.of(), null, null, null);

    private final Literal[] pools;
    private final @Nullable HeaderName header;
    private final @Nullable Literal cookie;
    private final @Nullable CidrSet from;

    /**
     * @param pools their names, in the order of the split
     * @param header the field that may name one; it comes before the cookie
     * @param from the clients that may choose; null for all
     */
    public SplitOverride(
            List<String> pools, @Nullable HeaderName header, @Nullable String cookie, @Nullable CidrSet from) {
        this.pools = new Literal[pools.size()];
        for (int i = 0; i < this.pools.length; i++) {
            this.pools[i] = Literal.of(pools.get(i));
        }
        this.header = header;
        this.cookie = cookie == null ? null : Literal.of(cookie);
        this.from = from;
    }

    /** The position of the pool that the request names, or -1. Names that aren't of the split are as if they weren't there. */
    public int of(RequestHead head, ClientAddress client) {
        if ((header == null && cookie == null) || (from != null && !from.contains(client))) {
            return -1;
        }
        Headers headers = head.headers();
        int at = header == null ? -1 : headers.find(header);
        int named = at < 0 ? -1 : find(headers.array(), headers.valueStart(at), headers.valueLength(at));
        long found = named >= 0 || cookie == null ? Cookies.ABSENT : Cookies.find(headers, cookie);
        return found == Cookies.ABSENT ? named : find(headers.array(), (int) (found >>> 32), (int) found);
    }

    private int find(byte[] block, int start, int length) {
        for (int i = 0; i < pools.length; i++) {
            if (pools[i].matches(block, start, length)) {
                return i;
            }
        }
        return -1;
    }
}
