package io.foregate.control.config.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a YAML tree, with no more than binding asks for: large configurations have tens of thousands of them at once. An alias
 * is the node that it stands for, so a tree may hold itself. Not changed once it is read.
 */
public sealed interface Node {
    /** Counts from 1. */
    int line();

    /** Counts from 1, in code points. */
    int column();

    /** Its tag, where that isn't one of YAML's own. */
    @Nullable
    String tag();

    /** @param plain whether it stands without quotes */
    record Scalar(String text, boolean plain, @Nullable String tag, int line, int column) implements Node {}

    record Sequence(List<Node> elements, @Nullable String tag, int line, int column) implements Node {}

    /** @param entries in the order of the file, with keys that are there twice */
    record Mapping(List<Entry> entries, @Nullable String tag, int line, int column) implements Node {}

    /** One key of a mapping, with its value. */
    record Entry(Node key, Node value) {}
}
