package io.foregate.proxy.route;

import java.net.IDN;
import java.util.Locale;

/** Reads what a site is called: a host, {@code *.suffix} or {@code *}. Stateless, cold. */
final class HostPattern {
    static final String ANY = "*";
    static final String WILDCARD = "*.";
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private HostPattern() {}

    /**
     * The pattern in lower case and without a trailing dot, so that equal patterns are equal texts.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static String normalize(String text) {
        if (text.equals(ANY)) {
            return text;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            return lower;
        }
        boolean wildcard = lower.startsWith(WILDCARD);
        String name = wildcard ? lower.substring(2) : lower;
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.contains("://") || name.indexOf('/') >= 0) {
            throw refused(text, "a site is named by its host alone, such as app.example.com");
        }
        if (name.indexOf(':') >= 0) {
            throw refused(
                    text, "a port is no part of a site's name; write '" + name.substring(0, name.indexOf(':')) + "'");
        }
        if (name.indexOf('*') >= 0) {
            throw refused(
                    text, "'*' stands for whole labels at the left, as in *.example.com, or alone for every host");
        }
        checkLabels(text, name);
        return wildcard ? WILDCARD + name : name;
    }

    private static void checkLabels(String text, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw refused(text, "a host name has 1 to " + MAX_NAME + " characters");
        }
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAX_LABEL) {
                throw refused(text, "each label of a host name has 1 to " + MAX_LABEL + " characters");
            }
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                throw refused(text, "browsers ask for international names in their ASCII form" + suggestion(name));
            }
            boolean fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            if (!fine) {
                throw refused(text, "'" + c + "' may not stand in a host name");
            }
        }
    }

    private static String suggestion(String name) {
        try {
            return "; write '" + IDN.toASCII(name) + "'";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is not the name of a site: " + why);
    }
}
