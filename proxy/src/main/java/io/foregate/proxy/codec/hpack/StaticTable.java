package io.foregate.proxy.codec.hpack;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;

/** The static table (RFC 7541 appendix A), each entry as the line that it becomes in a head's block. Immutable. */
final class StaticTable {
    static final int SIZE = 61;

    private static final String[] ENTRIES = {
        ":authority", "",
        ":method", "GET",
        ":method", "POST",
        ":path", "/",
        ":path", "/index.html",
        ":scheme", "http",
        ":scheme", "https",
        ":status", "200",
        ":status", "204",
        ":status", "206",
        ":status", "304",
        ":status", "400",
        ":status", "404",
        ":status", "500",
        "accept-charset", "",
        "accept-encoding", "gzip, deflate",
        "accept-language", "",
        "accept-ranges", "",
        "accept", "",
        "access-control-allow-origin", "",
        "age", "",
        "allow", "",
        "authorization", "",
        "cache-control", "",
        "content-disposition", "",
        "content-encoding", "",
        "content-language", "",
        "content-length", "",
        "content-location", "",
        "content-range", "",
        "content-type", "",
        "cookie", "",
        "date", "",
        "etag", "",
        "expect", "",
        "expires", "",
        "from", "",
        "host", "",
        "if-match", "",
        "if-modified-since", "",
        "if-none-match", "",
        "if-range", "",
        "if-unmodified-since", "",
        "last-modified", "",
        "link", "",
        "location", "",
        "max-forwards", "",
        "proxy-authenticate", "",
        "proxy-authorization", "",
        "range", "",
        "referer", "",
        "refresh", "",
        "retry-after", "",
        "server", "",
        "set-cookie", "",
        "strict-transport-security", "",
        "transfer-encoding", "",
        "user-agent", "",
        "vary", "",
        "via", "",
        "www-authenticate", "",
    };

    /** All entries' lines, one after the other. */
    static final byte[] LINES;

    static final int[] START = new int[SIZE + 1];
    static final int[] VALUE_LENGTH = new int[SIZE + 1];
    /** As {@link HpackTable#word} has it. */
    static final int[] WORD = new int[SIZE + 1];

    /** The first entry for each well-known name, or 0. */
    private static final byte[] BY_ID = new byte[64];

    static {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= SIZE; i++) {
            String name = ENTRIES[i * 2 - 2];
            String value = ENTRIES[i * 2 - 1];
            byte[] bytes = Octets.ascii(name);
            START[i] = lines.length();
            VALUE_LENGTH[i] = value.length();
            int pseudo = PseudoName.of(bytes, 0, bytes.length);
            int id = pseudo != 0 ? 0 : HeaderName.idOf(bytes, 0, bytes.length);
            WORD[i] = HpackTable.word(bytes.length, id, pseudo, true);
            if (id != 0 && BY_ID[id] == 0) {
                BY_ID[id] = (byte) i;
            }
            lines.append(name).append(": ").append(value).append("\r\n");
        }
        LINES = Octets.ascii(lines.toString());
    }

    private StaticTable() {}

    /** The first entry of a well-known name, or 0 when it has none. */
    static int indexOf(int nameId) {
        return BY_ID[nameId];
    }
}
