package io.foregate.proxy.codec.h2;

/**
 * Reads priorities (RFC 9218 §4): {@code u=0} to {@code u=7}, {@code i}. As small numbers: urgency, and {@link #INCREMENTAL}.
 * Stateless.
 */
final class StreamPriority {
    static final int URGENCY_BITS = 7;
    static final int INCREMENTAL = 8;

    /**
     * A stream without a priority takes turns with others of its kind, unlike one that asks for urgency 3: who says nothing is
     * better served by fairness.
     */
    static final int DEFAULT = 3 | INCREMENTAL;

    private StreamPriority() {}

    /** The priority that a Priority field's value gives; what it doesn't say has the RFC's defaults. */
    static int parse(byte[] bytes, int start, int length) {
        int urgency = 3;
        boolean incremental = false;
        int end = start + length;
        int at = start;
        while (at < end) {
            while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
                at++;
            }
            int from = at;
            while (at < end && bytes[at] != ',') {
                at++;
            }
            if (at - from >= 3 && bytes[from] == 'u' && bytes[from + 1] == '=') {
                int digit = bytes[from + 2] - '0';
                boolean alone = at - from == 3 || !(bytes[from + 3] >= '0' && bytes[from + 3] <= '9' || bytes[from + 3] == '.');
                urgency = digit >= 0 && digit <= 7 && alone ? digit : urgency;
            } else if (at - from >= 1 && bytes[from] == 'i') {
                boolean no = at - from >= 4 && bytes[from + 1] == '=' && bytes[from + 2] == '?' && bytes[from + 3] == '0';
                boolean bare = at - from == 1 || bytes[from + 1] == '=' || bytes[from + 1] == ';' || bytes[from + 1] == ' ';
                incremental = bare ? !no : incremental;
            }
            at++;
        }
        return urgency | (incremental ? INCREMENTAL : 0);
    }
}
