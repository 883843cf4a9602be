package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.route.SplitKey;

/**
 * Gives clients the cookie by which a split knows them again. It holds an id and says nothing of pools, so that clients move when
 * shares do; it lasts as long as the browser's session. Immutable, shared by all loops; no garbage.
 */
public final class SplitCookieFilter implements Filter {
    private static final HeaderName SET_COOKIE = HeaderName.of("set-cookie");
    private static final byte[] ATTRIBUTES = Octets.ascii("; Path=/; HttpOnly; SameSite=Lax");
    private static final byte[] SECURE = Octets.ascii("; Secure");
    private static final byte[] HEX = Octets.ascii("0123456789abcdef");

    private final SplitKey.OwnCookie cookie;
    private final byte[] nameAndEquals;

    public SplitCookieFilter(SplitKey.OwnCookie cookie) {
        this.cookie = cookie;
        this.nameAndEquals = Octets.ascii(cookie.name() + "=");
    }

    @Override
    public void onResponse(ResponseHead head, FilterContext context) {
        if (cookie.comesWith(context.request())) {
            return;
        }
        Headers headers = head.headers();
        headers.begin(SET_COOKIE);
        headers.append(nameAndEquals);
        long id = SplitKey.ownId(context);
        for (int shift = 60; shift >= 0; shift -= 4) {
            headers.append(HEX[(int) (id >>> shift) & 0xf]);
        }
        headers.append(ATTRIBUTES);
        if (context.request().secure()) {
            headers.append(SECURE);
        }
        headers.finish(SET_COOKIE);
    }
}
