package io.foregate.control.config.bind;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bound configuration as the tree that it was written as, in its long form: maps, lists, texts, numbers and truth values,
 * without what was left out and has no default. Secrets are the references that stand for them.
 */
public final class Tree {
    // What YAML reads as that text without quotes.
    private static final Pattern PLAIN = Pattern.compile("(?!(true|false|null|-?[0-9.]+)$)[\\w/.~*:@%+-]*[\\w/*]");

    private Tree() {}

    /** The tree of a configuration record. */
    public static Map<String, Object> of(Object record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        fill(Shapes.of(record.getClass()), record, tree);
        return tree;
    }

    private static void fill(Shape.Struct struct, Object record, Map<String, Object> tree) {
        for (Shape.Member member : struct.members()) {
            Object value = value(member, record);
            if (value == null) {
                continue;
            }
            switch (member) {
                case Shape.Inlined inlined -> fill(inlined.struct(), value, tree);
                case Shape.Field field -> {
                    Object node = node(field.shape(), value);
                    boolean empty = node instanceof Map<?, ?> map && map.isEmpty()
                            || node instanceof List<?> list && list.isEmpty();
                    if (!empty) {
                        tree.put(field.key(), node);
                    }
                }
            }
        }
    }

    private static @Nullable Object value(Shape.Member member, Object record) {
        try {
            return member.component().getAccessor().invoke(record);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException("can't read " + member.component(), e);
        }
    }

    private static Object node(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Struct struct -> {
                Map<String, Object> tree = new LinkedHashMap<>();
                fill(struct, value, tree);
                yield tree;
            }
            case Shape.ListOf list -> {
                List<Object> nodes = new ArrayList<>();
                ((List<?>) value).forEach(element -> nodes.add(node(list.element(), element)));
                yield nodes;
            }
            case Shape.MapOf map -> {
                Map<String, Object> nodes = new LinkedHashMap<>();
                ((Map<?, ?>) value).forEach((key, one) -> nodes.put(key.toString(), node(map.value(), one)));
                yield nodes;
            }
            case Shape.Choice _ -> Shapes.word(value);
            case Shape.Flag _, Shape.Whole _ -> value;
            case Shape.Reference reference -> node(reference.name(), value);
            case Shape.Single _, Shape.Text _ -> value.toString();
        };
    }

    /** A tree on one line, as YAML writes it in flow style. */
    public static String inline(Object node) {
        return switch (node) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + inline(entry.getValue()))
                        .collect(Collectors.joining(", ", "{ ", " }"));
            case List<?> list -> list.stream().map(Tree::inline).collect(Collectors.joining(", ", "[", "]"));
            case String text -> PLAIN.matcher(text).matches() ? text : Nodes.quote(text);
            default -> node.toString();
        };
    }
}
