package io.foregate.proxy.codec.h2;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;

/** What HTTP/2 has no place for among fields (RFC 9113 §8.2.2). Stateless. */
final class FieldRules {
    private FieldRules() {}

    /** Whether there is a field that belongs to HTTP/1's connections; TE is another matter. */
    static boolean connectionSpecific(Headers headers) {
        return headers.contains(HeaderName.CONNECTION)
                || headers.contains(HeaderName.TRANSFER_ENCODING)
                || headers.contains(HeaderName.KEEP_ALIVE)
                || headers.contains(HeaderName.PROXY_CONNECTION)
                || headers.contains(HeaderName.UPGRADE);
    }
}
