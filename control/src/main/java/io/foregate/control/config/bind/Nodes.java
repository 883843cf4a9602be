package io.foregate.control.config.bind;

/** Says what a node is. */
public final class Nodes {
    private static final int SHOWN = 60;

    private Nodes() {}

    /** Whether the node is YAML's null: an empty value, {@code null} or {@code ~}. */
    static boolean isNothing(Node node) {
        if (!(node instanceof Node.Scalar scalar) || !scalar.plain()) {
            return false;
        }
        return switch (scalar.text()) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    /** What the node is, for a message: "a list". */
    static String describe(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> "a mapping";
            case Node.Sequence sequence -> "a list";
            case Node.Scalar scalar -> isNothing(node) ? "nothing" : quote(scalar.text());
        };
    }

    /** The text as a message may show it: in quotes, shortened, on one line. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int i = 0;
        for (int shown = 0; i < text.length() && shown < SHOWN; shown++) {
            int c = text.codePointAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return quoted.append(i == text.length() ? "\"" : "…\"").toString();
    }
}
