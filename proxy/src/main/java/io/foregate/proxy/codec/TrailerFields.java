package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;

/** What may not come as a trailer (RFC 9110 §6.5.1): fields that frame, route, authenticate or control the request. */
public final class TrailerFields {
    private static final HeaderName[] FORBIDDEN = {
        HeaderName.CONTENT_LENGTH,
        HeaderName.TRANSFER_ENCODING,
        HeaderName.HOST,
        HeaderName.CONNECTION,
        HeaderName.KEEP_ALIVE,
        HeaderName.PROXY_CONNECTION,
        HeaderName.UPGRADE,
        HeaderName.TE,
        HeaderName.TRAILER,
        HeaderName.EXPECT,
        HeaderName.MAX_FORWARDS,
        HeaderName.CACHE_CONTROL,
        HeaderName.AUTHORIZATION,
        HeaderName.PROXY_AUTHORIZATION,
        HeaderName.COOKIE,
        HeaderName.SET_COOKIE,
        HeaderName.RANGE,
        HeaderName.CONTENT_TYPE,
        HeaderName.CONTENT_ENCODING,
        HeaderName.CONTENT_RANGE,
        HeaderName.FORWARDED,
        HeaderName.X_FORWARDED_FOR,
        HeaderName.X_FORWARDED_PROTO,
        HeaderName.X_FORWARDED_HOST,
        HeaderName.X_REAL_IP,
        HeaderName.X_REQUEST_ID,
    };

    private TrailerFields() {}

    /** Drops what is forbidden, as a recipient may. */
    public static void keepAllowed(Headers trailers) {
        for (HeaderName name : FORBIDDEN) {
            trailers.remove(name);
        }
    }
}
