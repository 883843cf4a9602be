package io.foregate.proxy.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.foregate.api.message.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A regular expression in RE2's syntax, which matches in time linear to its input: no stranger's path can make it explode.
 * It is searched for, so {@code ^} and {@code $} are the author's to write.
 *
 * <p>Immutable, shared by all loops. A search makes garbage (a matcher and a String), unless the literal text that the
 * expression begins with rules the input out before.
 */
public final class Regex {
    private static final String META = "\\.+*?()|[]{}^$";

    private final String text;
    private final Pattern pattern;
    private final byte[] anchoredPrefix;

    private Regex(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
        this.anchoredPrefix = anchoredPrefix(text);
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Regex of(String text) {
        try {
            return new Regex(text, Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            String unsupported = text.contains("(?=") || text.contains("(?!") || text.contains("(?<")
                    ? "; look-around and back references are not supported, since they can't be matched in linear time"
                    : "";
            throw new IllegalArgumentException(
                    "'" + text + "' is not a regular expression: " + e.getDescription() + " at '" + e.getPattern() + "'"
                            + unsupported,
                    e);
        }
    }

    /** The literal that any match must begin the input with; empty when there is no such literal. */
    private static byte[] anchoredPrefix(String text) {
        // An alternative or a flag could make the anchor or the case optional: leave those to the engine.
        if (!text.startsWith("^") || text.indexOf('|') >= 0 || text.contains("(?")) {
            return new byte[0];
        }
        int end = 1;
        while (end < text.length() && META.indexOf(text.charAt(end)) < 0 && text.charAt(end) < 0x80) {
            end++;
        }
        // A quantifier takes the last character with it.
        if (end < text.length() && "*?{".indexOf(text.charAt(end)) >= 0 && end > 1) {
            end--;
        }
        return Octets.ascii(text.substring(1, end));
    }

    /** Whether the expression is found in the bytes, read as UTF-8. */
    public boolean find(byte[] block, int start, int length) {
        return mayBegin(block, start, length)
                && pattern.matcher(new String(block, start, length, StandardCharsets.UTF_8))
                        .find();
    }

    boolean find(String input) {
        return pattern.matcher(input).find();
    }

    /** Whether the expression is found in a constant, as it would be in the same bytes of a request. */
    boolean findIn(Literal literal) {
        byte[] bytes = literal.toString().getBytes(StandardCharsets.UTF_8);
        return find(bytes, 0, bytes.length);
    }

    private boolean mayBegin(byte[] block, int start, int length) {
        int prefix = anchoredPrefix.length;
        return length >= prefix && Arrays.equals(block, start, start + prefix, anchoredPrefix, 0, prefix);
    }

    /** A matcher for {@code input}. */
    public Matcher matcher(String input) {
        return pattern.matcher(input);
    }

    /** How many capture groups there are, without group 0. */
    public int groupCount() {
        return pattern.groupCount();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
