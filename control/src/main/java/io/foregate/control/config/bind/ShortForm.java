package io.foregate.control.config.bind;

import org.jspecify.annotations.Nullable;

/**
 * A node that stands for a longer form: for a mapping with one key, or for a list of one element, of which it is the value.
 *
 * @param key the key; empty for a list
 * @param value what the node itself is to be
 */
record ShortForm(String key, Shape value) {
    /** What {@code node} stands for where {@code shape} is wanted; null when it stands for itself, or for nothing that is known. */
    static @Nullable ShortForm of(Shape shape, Node node) {
        return switch (shape) {
            case Shape.Struct struct
            when node instanceof Node.Mapping mapping -> {
                Shape.Field own = struct.growsFromMapping();
                yield own != null && isOfScalars(mapping) ? new ShortForm(own.key(), own.shape()) : null;
            }
            case Shape.Struct struct -> {
                Shape.Field field = struct.fields().get(struct.about().grows());
                yield field == null ? null : new ShortForm(field.key(), field.shape());
            }
            case Shape.MapOf map ->
                node instanceof Node.Mapping || map.grows().isEmpty() ? null : new ShortForm(map.grows(), map.value());
            case Shape.ListOf list -> node instanceof Node.Sequence ? null : new ShortForm("", list.element());
            case Shape.Single _, Shape.Text _, Shape.Whole _, Shape.Flag _, Shape.Choice _, Shape.Reference _ -> null;
        };
    }

    private static boolean isOfScalars(Node.Mapping mapping) {
        return mapping.entries().stream().allMatch(entry -> entry.value() instanceof Node.Scalar);
    }

    /** The path of the value, when the node is at {@code path}. */
    TreePath step(TreePath path) {
        return key.isEmpty() ? path.impliedFirst() : path.impliedKey(key);
    }
}
