package io.foregate.control.config.bind;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Says what a node is. */
public final class Nodes {
    private static final int SHOWN = 60;

    private Nodes() {}

    /** Whether the node is YAML's null: an empty value, {@code null} or {@code ~}. */
    static boolean isNothing(Node node) {
        if (!(node instanceof ScalarNode scalar) || !scalar.isPlain()) {
            return false;
        }
        return switch (scalar.getValue()) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    /** What the node is, for a message: "a list". */
    static String describe(Node node) {
        return switch (node) {
            case MappingNode mapping -> "a mapping";
            case SequenceNode sequence -> "a list";
            case ScalarNode scalar -> isNothing(node) ? "nothing" : quote(scalar.getValue());
            default -> "something else";
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
