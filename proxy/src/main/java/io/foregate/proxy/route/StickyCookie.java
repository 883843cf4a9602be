package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Member;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.upstream.Affinity;

/**
 * Ties clients to endpoints by a cookie with the token of an endpoint. Whatever else the cookie holds is taken for none. Immutable,
 * shared by all loops; makes no garbage.
 */
public final class StickyCookie implements Affinity {
    /** When the cookie is to be sent by TLS only. */
    public enum Secure {
        /** Where the request came by TLS. */
        AUTO,
        ON,
        OFF
    }

    private static final byte[] SECURE = Octets.ascii("; Secure");

    private final Literal name;
    private final byte[] prefix;
    private final byte[] attributes;
    private final Secure secure;

    /** @param attributes what follows the value, such as {@code ; Path=/; HttpOnly} */
    public StickyCookie(String name, String attributes, Secure secure) {
        this.name = Literal.of(name);
        this.prefix = Octets.ascii(name + "=");
        this.attributes = Octets.ascii(attributes);
        this.secure = secure;
    }

    @Override
    public void read(RequestHead request, ClientAddress client, EndpointSet from, Picking into) {
        long found = Cookies.find(request.headers(), name);
        if (found != Cookies.ABSENT) {
            into.sticky(from.stickyMember(request.headers().array(), (int) (found >>> 32), (int) found));
        }
    }

    @Override
    public void tell(Member answered, RequestHead request, EndpointSet from, Headers answer) {
        byte[] token = from.stickyToken(answered);
        if (token == null) {
            return;
        }
        answer.begin(HeaderName.SET_COOKIE);
        answer.append(prefix);
        answer.append(token);
        answer.append(attributes);
        if (secure == Secure.ON || secure == Secure.AUTO && request.secure()) {
            answer.append(SECURE);
        }
        answer.finish(HeaderName.SET_COOKIE);
    }
}
