package io.foregate.control.config.bind;

import io.foregate.control.config.bind.Bound.Use;
import io.foregate.control.config.bind.Shape.Struct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds one node tree onto one record class. It goes on after a mistake, so that all of them are found at once; what
 * was wrong is left out of the value. One thread, one use.
 *
 * <p>Aliases are followed like copies. That is bounded by the number of values visited: a small file can otherwise
 * stand for billions of them.
 */
public final class Binder {
    /** What aliases may add to the values that are written out. */
    private static final int MOST_BY_ALIASES = 200_000;

    private final Sources sources;
    private final Problems problems = new Problems();
    private final List<Use> astray = new ArrayList<>();
    private final Map<String, Set<String>> used = new HashMap<>();
    private final Records records = new Records();
    private final Struct shape;
    // Names of pools above all, which are written again and again.
    private final Map<String, Object> referred = new HashMap<>();
    private int valuesLeft;
    private boolean stopped;

    private Binder(String file, Struct shape, Node root, int values) {
        this.shape = shape;
        this.valuesLeft = MOST_BY_ALIASES + values;
        this.sources = new Sources(file, shape, root);
    }

    /**
     * Binds {@code root}. Never throws for anything that a file can hold.
     *
     * @param values how many values the text writes out, or more
     */
    public static <T extends Record> Bound<T> bind(Class<T> type, Node root, String file, int values) {
        Binder binder = new Binder(file, Shapes.of(type), root, values);
        Object value = null;
        if (root instanceof Node.Mapping) {
            value = binder.value(Shapes.of(type), root, TreePath.ROOT);
        } else {
            binder.problems.error(
                    binder.start(root),
                    TreePath.ROOT,
                    "expected a mapping, found " + Nodes.describe(root),
                    "a configuration begins with a key such as sites:");
        }
        // What is left when it stopped half-way is not worth judging.
        return new Bound<>(
                binder.stopped ? null : type.cast(value), binder.sources, binder.problems, binder.astray, binder.used);
    }

    /** The record of that class which is bound where nothing is said; always the same one. */
    public static <T extends Record> T nothing(Class<T> type) {
        return type.cast(new Records().unsaid(Shapes.of(type)));
    }

    private @Nullable Object value(Shape shape, Node node, TreePath path) {
        if (stopped || --valuesLeft < 0 || problems.isFull()) {
            stop(node, path);
            return null;
        }
        if (node.tag() != null) {
            problems.error(start(node), path, "the tag " + node.tag() + " has no meaning here", "remove it");
            return null;
        }
        if (Nodes.isNothing(node)) {
            problems.error(start(node), path, "has no value", "give it one or remove the key");
            return null;
        }
        return switch (shape) {
            case Struct struct -> struct(struct, node, path);
            case Shape.MapOf map -> map(map, node, path);
            case Shape.ListOf list -> list(list, node, path);
            case Shape.Single single -> scalar(shape, node, path);
            case Shape.Text text -> scalar(shape, node, path);
            case Shape.Whole number -> scalar(shape, node, path);
            case Shape.Flag flag -> scalar(shape, node, path);
            case Shape.Choice choice -> scalar(shape, node, path);
            case Shape.Reference reference -> reference(reference, node, path);
        };
    }

    private void stop(Node node, TreePath path) {
        if (!stopped && valuesLeft < 0) {
            problems.error(
                    start(node),
                    path,
                    "the aliases of this file stand for more than " + MOST_BY_ALIASES + " values",
                    "use fewer of them");
        }
        stopped = true;
    }

    private @Nullable Object struct(Struct struct, Node node, TreePath path) {
        ShortForm form = ShortForm.of(struct, node);
        if (form != null) {
            Shape.Field field = struct.fields().get(form.key());
            String meant = field == null ? "" : Places.meant(struct, field, node);
            if (!meant.isEmpty()) {
                problems.error(
                        start(node),
                        form.step(path),
                        "expected " + form.value().noun() + ", found " + Nodes.describe(node),
                        meant);
                return records.make(struct, Map.of());
            }
            Object grown = value(form.value(), node, form.step(path));
            return records.make(struct, grown == null || field == null ? Map.of() : Map.of(field, grown));
        }
        if (!(node instanceof Node.Mapping mapping)) {
            problems.error(
                    start(node),
                    path,
                    "expected a mapping, found " + Nodes.describe(node),
                    "its keys are " + String.join(", ", struct.fields().keySet()));
            return null;
        }
        int entries = mapping.entries().size();
        Map<Shape.Field, Object> given = HashMap.newHashMap(entries);
        Map<String, Node> seen = HashMap.newHashMap(entries);
        Set<String> misspelt = new HashSet<>();
        for (Node.Entry entry : mapping.entries()) {
            String key = key(entry, path, seen);
            if (key == null) {
                continue;
            }
            Shape.Field field = struct.fields().get(key);
            TreePath at = path.key(key);
            if (field == null) {
                String known = knownKey(entry, struct, mapping);
                misspelt.add(known);
                String hint = known.isEmpty() ? hintFor(key, struct, path) : "did you mean " + known + "?";
                problems.error(start(entry.key()), at, "unknown key", hint);
                continue;
            }
            Object value = value(field.shape(), entry.value(), at);
            if (value != null) {
                given.put(field, value);
            }
        }
        for (Shape.Field field : struct.fields().values()) {
            // A key that was misspelt isn't reported as missing too.
            if (field.isRequired() && !seen.containsKey(field.key()) && !misspelt.contains(field.key())) {
                problems.error(start(node), path, field.key() + " is missing", "add " + field.key() + ":");
            }
        }
        return records.make(struct, given);
    }

    // The one that an unknown key stands for, by its spelling or by its value; empty for none.
    private static String knownKey(Node.Entry entry, Struct struct, Node.Mapping mapping) {
        if (!(entry.key() instanceof Node.Scalar key) || key.text().equals("<<")) {
            return "";
        }
        String near = Suggestion.nearest(key.text(), struct.fields().keySet());
        if (near != null) {
            return near;
        }
        String other = Places.keyOfAddress(struct, entry.value());
        boolean isThere = mapping.entries().stream()
                .anyMatch(one ->
                        one.key() instanceof Node.Scalar scalar && scalar.text().equals(other));
        return isThere ? "" : other;
    }

    private String hintFor(String key, Struct struct, TreePath path) {
        if (key.equals("<<")) {
            return "YAML 1.2 has no merge keys; put what is shared into a policy, or use like: for pools";
        }
        String elsewhere = new Places(shape).hint(key, path);
        return elsewhere.isEmpty()
                ? "known keys are " + String.join(", ", struct.fields().keySet())
                : elsewhere;
    }

    private @Nullable Object map(Shape.MapOf map, Node node, TreePath path) {
        ShortForm form = ShortForm.of(map, node);
        if (form != null) {
            Object key = parse(map.key(), map.grows(), node, path);
            Object value = value(form.value(), node, form.step(path));
            return key == null || value == null ? Map.of() : Map.of(key, value);
        }
        if (!(node instanceof Node.Mapping mapping)) {
            problems.error(start(node), path, "expected a mapping, found " + Nodes.describe(node), "");
            return null;
        }
        int entries = mapping.entries().size();
        Map<Object, Object> bound = LinkedHashMap.newLinkedHashMap(entries);
        Map<Object, Node> keys = HashMap.newHashMap(entries);
        Map<String, Node> seen = HashMap.newHashMap(entries);
        for (Node.Entry entry : mapping.entries()) {
            String text = key(entry, path, seen);
            if (text == null) {
                continue;
            }
            TreePath at = path.key(text);
            Object key = parse(map.key(), text, entry.key(), at);
            if (key != null && map.key() instanceof Shape.Reference reference) {
                use(reference, text, at, entry.key());
            }
            Object value = value(map.value(), entry.value(), at);
            Node first = key == null ? null : keys.putIfAbsent(key, entry.key());
            if (first != null) {
                problems.error(
                        start(entry.key()), at, "means the same as the key at " + start(first), "keep one of them");
            } else if (key != null && value != null) {
                sources.spelt(path, key, text);
                bound.put(key, value);
            }
        }
        return Collections.unmodifiableMap(bound);
    }

    /** The text of a key that is there for the first time, otherwise {@code null} and a problem. */
    private @Nullable String key(Node.Entry entry, TreePath path, Map<String, Node> seen) {
        Node node = entry.key();
        if (!(node instanceof Node.Scalar scalar)) {
            problems.error(start(node), path, "a key must be a text, found " + Nodes.describe(node), "");
            return null;
        }
        String key = scalar.text();
        Node first = seen.putIfAbsent(key, node);
        if (first != null) {
            problems.error(start(node), path.key(key), "is here twice, first at " + start(first), "keep one of them");
            return null;
        }
        return key;
    }

    private List<Object> list(Shape.ListOf list, Node node, TreePath path) {
        if (!(node instanceof Node.Sequence sequence)) {
            Object value = value(list.element(), node, path.impliedFirst());
            return value == null ? List.of() : List.of(value);
        }
        List<Object> bound = new ArrayList<>();
        for (int i = 0; i < sequence.elements().size(); i++) {
            Object value = value(list.element(), sequence.elements().get(i), path.index(i));
            if (value != null) {
                bound.add(value);
            }
        }
        return List.copyOf(bound);
    }

    private @Nullable Object reference(Shape.Reference reference, Node node, TreePath path) {
        String text = node instanceof Node.Scalar scalar ? scalar.text() : null;
        Object known = text == null ? null : referred.get(text);
        Object name =
                known != null && known.getClass() == nameType(reference) ? known : scalar(reference.name(), node, path);
        if (name != null && text != null) {
            referred.put(text, name);
        }
        if (name != null && node instanceof Node.Scalar scalar) {
            use(reference, scalar.text(), path, node);
        }
        return name;
    }

    private void use(Shape.Reference reference, String name, TreePath path, Node node) {
        String of = reference.of();
        used.computeIfAbsent(of, any -> new HashSet<>()).add(name);
        if (!sources.names(of).contains(name)) {
            astray.add(new Use(of, name, path, start(node)));
        }
    }

    private static @Nullable Class<?> nameType(Shape.Reference reference) {
        return reference.name() instanceof Shape.Single single ? single.type() : null;
    }

    private @Nullable Object scalar(Shape shape, Node node, TreePath path) {
        if (!(node instanceof Node.Scalar scalar)) {
            problems.error(
                    start(node),
                    path,
                    "expected " + shape.noun() + ", found " + Nodes.describe(node),
                    Scalars.example(shape));
            return null;
        }
        try {
            return Scalars.parse(shape, scalar.text(), scalar.plain());
        } catch (BadValue bad) {
            problems.error(start(node), path, bad.what(), bad.hint());
            return null;
        }
    }

    private @Nullable Object parse(Shape shape, String text, Node node, TreePath path) {
        try {
            return Scalars.parse(shape, text, true);
        } catch (BadValue bad) {
            problems.error(start(node), path, bad.what(), bad.hint());
            return null;
        }
    }

    private Position start(Node node) {
        return sources.position(node);
    }
}
