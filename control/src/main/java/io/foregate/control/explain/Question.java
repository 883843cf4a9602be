package io.foregate.control.explain;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request that is asked about.
 *
 * @param url with or without scheme and host; the request's host is that of a Host field, else the URL's, else {@code localhost}
 * @param fields {@code Name: value}, as they would stand in the request
 * @param from the client's address
 */
public record Question(String method, String url, List<String> fields, String from) {
    private static final String SCHEME_END = "://";
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    /** The port that the URL names, or null. */
    @Nullable
    Integer port() {
        String authority = authority();
        int colon = authority.lastIndexOf(':');
        if (colon < 0 || authority.endsWith("]")) {
            return null;
        }
        try {
            return Integer.valueOf(authority.substring(colon + 1));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    // Not in a query, where there may be a whole URL.
    private int authorityStart() {
        return URL.matcher(url).lookingAt() ? url.indexOf(SCHEME_END) + SCHEME_END.length() : 0;
    }

    /** Whether the URL says https or http; null when it says neither. */
    @Nullable
    Boolean secure() {
        return url.regionMatches(true, 0, "https://", 0, 8)
                ? Boolean.TRUE
                : url.regionMatches(true, 0, "http://", 0, 7) ? Boolean.FALSE : null;
    }

    private int authorityEnd() {
        for (int i = authorityStart(); i < url.length(); i++) {
            if (url.charAt(i) == '/' || url.charAt(i) == '?' || url.charAt(i) == '#') {
                return i;
            }
        }
        return url.length();
    }

    private String authority() {
        return url.substring(authorityStart(), authorityEnd());
    }

    /** What stands in the request line. */
    String target() {
        String rest = url.substring(authorityEnd());
        int fragment = rest.indexOf('#');
        rest = fragment < 0 ? rest : rest.substring(0, fragment);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** The client's address, or null when it is none. */
    @Nullable
    ClientAddress client() {
        byte[] text = Octets.ascii(from);
        ClientAddress client = new ClientAddress();
        return client.parse(text, 0, text.length) ? client : null;
    }

    /** The request as a client would send it. */
    byte[] bytes() {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(target()).append(" HTTP/1.1\r\n");
        boolean named = fields.stream().anyMatch(field -> field.regionMatches(true, 0, "host:", 0, 5));
        if (!named) {
            text.append("Host: ").append(authority().isEmpty() ? "localhost" : authority());
            text.append("\r\n");
        }
        fields.forEach(field -> text.append(field).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
