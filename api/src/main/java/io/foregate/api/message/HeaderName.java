package io.foregate.api.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A field name. Well-known names carry a small id, so that a look-up compares ints and an absent field costs one bit test.
 *
 * <p>Immutable; made while classes or configuration load, never per request.
 */
public final class HeaderName {
    private static final List<HeaderName> KNOWN = new ArrayList<>();

    public static final HeaderName HOST = known("Host");
    public static final HeaderName CONNECTION = known("Connection");
    public static final HeaderName CONTENT_LENGTH = known("Content-Length");
    public static final HeaderName TRANSFER_ENCODING = known("Transfer-Encoding");
    public static final HeaderName TE = known("TE");
    public static final HeaderName TRAILER = known("Trailer");
    public static final HeaderName UPGRADE = known("Upgrade");
    public static final HeaderName EXPECT = known("Expect");
    public static final HeaderName KEEP_ALIVE = known("Keep-Alive");
    public static final HeaderName PROXY_CONNECTION = known("Proxy-Connection");
    public static final HeaderName PROXY_AUTHENTICATE = known("Proxy-Authenticate");
    public static final HeaderName PROXY_AUTHORIZATION = known("Proxy-Authorization");
    public static final HeaderName HTTP2_SETTINGS = known("HTTP2-Settings");
    public static final HeaderName FORWARDED = known("Forwarded");
    public static final HeaderName X_FORWARDED_FOR = known("X-Forwarded-For");
    public static final HeaderName X_FORWARDED_PROTO = known("X-Forwarded-Proto");
    public static final HeaderName X_FORWARDED_HOST = known("X-Forwarded-Host");
    public static final HeaderName X_FORWARDED_PORT = known("X-Forwarded-Port");
    public static final HeaderName X_REAL_IP = known("X-Real-IP");
    public static final HeaderName X_REQUEST_ID = known("X-Request-Id");
    public static final HeaderName VIA = known("Via");
    public static final HeaderName DATE = known("Date");
    public static final HeaderName SERVER = known("Server");
    public static final HeaderName MAX_FORWARDS = known("Max-Forwards");
    public static final HeaderName COOKIE = known("Cookie");
    public static final HeaderName SET_COOKIE = known("Set-Cookie");
    public static final HeaderName USER_AGENT = known("User-Agent");
    public static final HeaderName REFERER = known("Referer");
    public static final HeaderName ORIGIN = known("Origin");
    public static final HeaderName ACCEPT = known("Accept");
    public static final HeaderName ACCEPT_ENCODING = known("Accept-Encoding");
    public static final HeaderName ACCEPT_LANGUAGE = known("Accept-Language");
    public static final HeaderName ACCEPT_RANGES = known("Accept-Ranges");
    public static final HeaderName AUTHORIZATION = known("Authorization");
    public static final HeaderName CONTENT_TYPE = known("Content-Type");
    public static final HeaderName CONTENT_ENCODING = known("Content-Encoding");
    public static final HeaderName CONTENT_RANGE = known("Content-Range");
    public static final HeaderName RANGE = known("Range");
    public static final HeaderName IF_RANGE = known("If-Range");
    public static final HeaderName IF_MATCH = known("If-Match");
    public static final HeaderName IF_NONE_MATCH = known("If-None-Match");
    public static final HeaderName IF_MODIFIED_SINCE = known("If-Modified-Since");
    public static final HeaderName CACHE_CONTROL = known("Cache-Control");
    public static final HeaderName ETAG = known("ETag");
    public static final HeaderName LAST_MODIFIED = known("Last-Modified");
    public static final HeaderName EXPIRES = known("Expires");
    public static final HeaderName AGE = known("Age");
    public static final HeaderName VARY = known("Vary");
    public static final HeaderName LOCATION = known("Location");
    public static final HeaderName RETRY_AFTER = known("Retry-After");
    public static final HeaderName ALLOW = known("Allow");
    public static final HeaderName PRAGMA = known("Pragma");
    public static final HeaderName PRIORITY = known("Priority");
    public static final HeaderName X_POWERED_BY = known("X-Powered-By");
    public static final HeaderName STRICT_TRANSPORT_SECURITY = known("Strict-Transport-Security");
    public static final HeaderName SEC_WEBSOCKET_KEY = known("Sec-WebSocket-Key");
    public static final HeaderName SEC_WEBSOCKET_VERSION = known("Sec-WebSocket-Version");

    private static final int TABLE_MASK = 1023;
    private static final HeaderName[] BY_ID = KNOWN.toArray(HeaderName[]::new);
    private static final byte[] TABLE = new byte[TABLE_MASK + 1];

    static {
        if (BY_ID.length > 63) {
            throw new ExceptionInInitializerError("well-known names must fit the bits of one long");
        }
        for (HeaderName name : BY_ID) {
            int slot = slot(name.lowerCase, 0, name.lowerCase.length);
            while (TABLE[slot] != 0) {
                slot = (slot + 1) & TABLE_MASK;
            }
            TABLE[slot] = (byte) name.id;
        }
    }

    final int id;
    final byte[] lowerCase;
    final byte[] wireName;
    private final String text;

    private HeaderName(String text, int id) {
        this.text = text;
        this.id = id;
        this.wireName = text.getBytes(StandardCharsets.US_ASCII);
        this.lowerCase = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }

    private static HeaderName known(String text) {
        HeaderName name = new HeaderName(text, KNOWN.size() + 1);
        KNOWN.add(name);
        return name;
    }

    /**
     * The name for {@code text}, in any case.
     *
     * @throws IllegalArgumentException when it is not a token (RFC 9110 §5.1)
     */
    public static HeaderName of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a field name can't be empty");
        }
        for (byte b : bytes) {
            if (!Octets.isToken(b)) {
                throw new IllegalArgumentException("'" + text + "' is not a field name: only letters, digits and "
                        + "!#$%&'*+-.^_`|~ may stand in one");
            }
        }
        int id = idOf(bytes, 0, bytes.length);
        return id != 0 ? BY_ID[id - 1] : new HeaderName(text, 0);
    }

    /** The id of a well-known name in any case (1 to 63), or 0. */
    public static int idOf(byte[] bytes, int start, int length) {
        int slot = slot(bytes, start, length);
        for (int id = TABLE[slot]; id != 0; id = TABLE[slot]) {
            if (Octets.equalsIgnoreCase(bytes, start, length, BY_ID[id - 1].lowerCase)) {
                return id;
            }
            slot = (slot + 1) & TABLE_MASK;
        }
        return 0;
    }

    private static int slot(byte[] bytes, int start, int length) {
        if (length == 0) {
            return 0;
        }
        // Three bytes and the length tell the well-known names apart; bit 5 is set so that case doesn't matter.
        int first = bytes[start] | 0x20;
        int middle = bytes[start + (length >> 1)] | 0x20;
        int last = bytes[start + length - 1] | 0x20;
        return (length * 37 + first * 5 + middle * 131 + last * 17) & TABLE_MASK;
    }

    /** The well-known id, 1 to 63, or 0 for any other name. */
    public int id() {
        return id;
    }

    /** The name as it is written on the wire by Foregate. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderName that && java.util.Arrays.equals(lowerCase, that.lowerCase);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(lowerCase);
    }
}
