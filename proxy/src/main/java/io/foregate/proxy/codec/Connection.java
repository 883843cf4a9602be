package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;

/** Hop-by-hop fields (RFC 9110 §7.6.1): what Connection says, and taking away what isn't for the next hop. */
final class Connection {
    static final int CLOSE = 1;
    static final int KEEP_ALIVE = 2;
    static final int UPGRADE = 4;
    /** Connection lists a field that decides framing, routing or authority: nobody means that well. */
    static final int CRITICAL = 8;

    private static final byte[] CLOSE_OPTION = Octets.ascii("close");
    private static final byte[] KEEP_ALIVE_OPTION = Octets.ascii("keep-alive");
    private static final byte[] UPGRADE_OPTION = Octets.ascii("upgrade");
    private static final HeaderName[] HOP_BY_HOP = {
        HeaderName.CONNECTION,
        HeaderName.KEEP_ALIVE,
        HeaderName.PROXY_CONNECTION,
        HeaderName.TE,
        HeaderName.TRANSFER_ENCODING,
        HeaderName.UPGRADE,
        HeaderName.HTTP2_SETTINGS,
    };

    private Connection() {}

    /** What the Connection fields ask for, as bits; fields that they list are removed on the way. */
    static int options(Headers headers) {
        int options = 0;
        int at = headers.find(HeaderName.CONNECTION);
        while (at >= 0) {
            options |= options(headers, at);
            at = headers.findNext(HeaderName.CONNECTION, at);
        }
        return options;
    }

    private static int options(Headers headers, int position) {
        byte[] block = headers.array();
        int at = headers.valueStart(position);
        int end = at + headers.valueLength(position);
        int options = 0;
        while (at < end) {
            int comma = at;
            while (comma < end && block[comma] != ',') {
                comma++;
            }
            int from = Octets.skipBlank(block, at, comma);
            int to = Octets.trimBlank(block, from, comma);
            if (to > from) {
                options |= option(headers, block, from, to - from);
            }
            at = comma + 1;
        }
        return options;
    }

    private static int option(Headers headers, byte[] block, int start, int length) {
        if (Octets.equalsIgnoreCase(block, start, length, KEEP_ALIVE_OPTION)) {
            return KEEP_ALIVE;
        }
        if (Octets.equalsIgnoreCase(block, start, length, CLOSE_OPTION)) {
            return CLOSE;
        }
        if (Octets.equalsIgnoreCase(block, start, length, UPGRADE_OPTION)) {
            return UPGRADE;
        }
        int id = HeaderName.idOf(block, start, length);
        if (id == HeaderName.HOST.id()
                || id == HeaderName.CONTENT_LENGTH.id()
                || id == HeaderName.TRANSFER_ENCODING.id()) {
            return CRITICAL;
        }
        if (id != HeaderName.CONNECTION.id()) {
            removeNamed(headers, block, start, length);
        }
        return 0;
    }

    // The list's own bytes name the field, so names are compared byte by byte and no HeaderName is made.
    private static void removeNamed(Headers headers, byte[] block, int start, int length) {
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            if (headers.nameLength(i) == length && same(block, start, headers.nameStart(i), length)) {
                headers.removeAt(i);
            }
        }
    }

    private static boolean same(byte[] block, int one, int other, int length) {
        for (int i = 0; i < length; i++) {
            if (Octets.lower(block[one + i]) != Octets.lower(block[other + i])) {
                return false;
            }
        }
        return true;
    }

    /** Takes away every field that concerns this hop only. Framing has been read from them before. */
    static void strip(Headers headers) {
        for (HeaderName name : HOP_BY_HOP) {
            headers.remove(name);
        }
    }
}
