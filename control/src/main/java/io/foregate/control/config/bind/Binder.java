package io.foregate.control.config.bind;

import io.foregate.control.config.bind.Bound.Use;
import io.foregate.control.config.bind.Shape.Struct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

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

    private final String file;
    private final Sources sources;
    private final Problems problems = new Problems();
    private final List<Use> uses = new ArrayList<>();
    private final Map<String, Map<String, Position>> names = new HashMap<>();
    private final Records records = new Records();
    private final Struct shape;
    // Names of pools above all, which are written again and again.
    private final Map<String, Object> referred = new HashMap<>();
    private int valuesLeft;
    private boolean stopped;

    private Binder(String file, Node root, Struct shape) {
        this.shape = shape;
        this.file = file;
        // A value takes at least a character.
        this.valuesLeft =
                MOST_BY_ALIASES + root.getEndMark().map(Mark::getIndex).orElse(0);
        this.sources = new Sources(file);
    }

    /** Binds {@code root}. Never throws for anything that a file can hold. */
    public static <T extends Record> Bound<T> bind(Class<T> type, Node root, String file) {
        Binder binder = new Binder(file, root, Shapes.of(type));
        Object value = null;
        if (root instanceof MappingNode) {
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
                binder.stopped ? null : type.cast(value), binder.sources, binder.problems, binder.uses, binder.names);
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
        if (!node.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
            problems.error(
                    start(node), path, "the tag " + node.getTag().getValue() + " has no meaning here", "remove it");
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
        Shape.Field own = struct.growsFromMapping();
        if (own != null && node instanceof MappingNode mapping && isOfScalars(mapping)) {
            Object grown = implied(own.shape(), node, path.impliedKey(own.key()));
            return records.make(struct, grown == null ? Map.of() : Map.of(own, grown));
        }
        if (!(node instanceof MappingNode mapping)) {
            String grows = struct.about().grows();
            Shape.Field field = struct.fields().get(grows);
            if (field == null) {
                problems.error(
                        start(node),
                        path,
                        "expected a mapping, found " + Nodes.describe(node),
                        "its keys are " + String.join(", ", struct.fields().keySet()));
                return null;
            }
            Object grown = implied(field.shape(), node, path.impliedKey(grows));
            return records.make(struct, grown == null ? Map.of() : Map.of(field, grown));
        }
        Map<Shape.Field, Object> given = new HashMap<>();
        Map<String, Position> seen = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (NodeTuple entry : mapping.getValue()) {
            String key = key(entry, path, seen);
            if (key == null) {
                continue;
            }
            Shape.Field field = struct.fields().get(key);
            Position position = start(entry.getKeyNode());
            TreePath at = path.key(key);
            if (field == null) {
                unknown.add(key);
                problems.error(position, at, "unknown key", hintFor(key, struct, path));
                continue;
            }
            sources.put(at, position, start(entry.getValueNode()));
            Object value = value(field.shape(), entry.getValueNode(), at);
            if (value != null) {
                given.put(field, value);
            }
        }
        for (Shape.Field field : struct.fields().values()) {
            if (field.isRequired() && !seen.containsKey(field.key())) {
                // A key that was misspelt isn't reported as missing too.
                boolean misspelt = unknown.stream().anyMatch(key -> field.key().equals(near(key, struct)));
                if (!misspelt) {
                    problems.error(start(node), path, field.key() + " is missing", "add " + field.key() + ":");
                }
            }
        }
        return records.make(struct, given);
    }

    private static boolean isOfScalars(MappingNode mapping) {
        return mapping.getValue().stream().allMatch(entry -> entry.getValueNode() instanceof ScalarNode);
    }

    private static @Nullable String near(String key, Struct struct) {
        return Suggestion.nearest(key, struct.fields().keySet());
    }

    private String hintFor(String key, Struct struct, TreePath path) {
        if (key.equals("<<")) {
            return "YAML 1.2 has no merge keys; put what is shared into a policy, or use like: for pools";
        }
        String near = near(key, struct);
        if (near != null) {
            return "did you mean " + near + "?";
        }
        String elsewhere = new Places(shape).hint(key, path);
        return elsewhere.isEmpty()
                ? "known keys are " + String.join(", ", struct.fields().keySet())
                : elsewhere;
    }

    private @Nullable Object map(Shape.MapOf map, Node node, TreePath path) {
        if (!(node instanceof MappingNode mapping)) {
            if (map.grows().isEmpty()) {
                problems.error(start(node), path, "expected a mapping, found " + Nodes.describe(node), "");
                return null;
            }
            Object key = parse(map.key(), map.grows(), node, path);
            Object value = implied(map.value(), node, path.impliedKey(map.grows()));
            return key == null || value == null ? Map.of() : Map.of(key, value);
        }
        Map<Object, Object> bound = new LinkedHashMap<>();
        Map<Object, Position> keys = new HashMap<>();
        Map<String, Position> seen = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            String text = key(entry, path, seen);
            if (text == null) {
                continue;
            }
            Position position = start(entry.getKeyNode());
            TreePath at = path.key(text);
            sources.put(at, position, start(entry.getValueNode()));
            Object key = parse(map.key(), text, entry.getKeyNode(), at);
            if (key != null && map.key() instanceof Shape.Reference reference) {
                uses.add(new Use(reference.of(), text, at, position));
            }
            Object value = value(map.value(), entry.getValueNode(), at);
            Position first = key == null ? null : keys.putIfAbsent(key, position);
            if (first != null) {
                problems.error(position, at, "means the same as the key at " + first, "keep one of them");
            } else if (key != null && value != null) {
                sources.putKey(path, key, at);
                bound.put(key, value);
            }
        }
        if (TreePath.ROOT.equals(path.parent())) {
            names.put(path.segment(), seen);
        }
        return Collections.unmodifiableMap(bound);
    }

    /** The text of a key that is there for the first time, otherwise {@code null} and a problem. */
    private @Nullable String key(NodeTuple entry, TreePath path, Map<String, Position> seen) {
        Node node = entry.getKeyNode();
        Position position = start(node);
        if (!(node instanceof ScalarNode scalar)) {
            problems.error(position, path, "a key must be a text, found " + Nodes.describe(node), "");
            return null;
        }
        String key = scalar.getValue();
        Position first = seen.putIfAbsent(key, position);
        if (first != null) {
            problems.error(position, path.key(key), "is here twice, first at " + first, "keep one of them");
            return null;
        }
        return key;
    }

    private List<Object> list(Shape.ListOf list, Node node, TreePath path) {
        List<Object> bound = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            int index = 0;
            for (Node element : sequence.getValue()) {
                TreePath at = path.index(index++);
                sources.put(at, start(element), start(element));
                Object value = value(list.element(), element, at);
                if (value != null) {
                    bound.add(value);
                }
            }
        } else {
            Object value = implied(list.element(), node, path.impliedFirst());
            if (value != null) {
                bound.add(value);
            }
        }
        return Collections.unmodifiableList(bound);
    }

    /** Binds what a short form stands for: the same node, one step further down in the long form. */
    private @Nullable Object implied(Shape shape, Node node, TreePath path) {
        if (!sources.putImplied(path)) {
            Position here = start(node);
            sources.put(path, path.parent() == null ? here : sources.keyOf(path.parent()), here);
        }
        return value(shape, node, path);
    }

    private @Nullable Object reference(Shape.Reference reference, Node node, TreePath path) {
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : null;
        Object known = text == null ? null : referred.get(text);
        Object name =
                known != null && known.getClass() == nameType(reference) ? known : scalar(reference.name(), node, path);
        if (name != null && text != null) {
            referred.put(text, name);
        }
        if (name != null && node instanceof ScalarNode scalar) {
            uses.add(new Use(reference.of(), scalar.getValue(), path, start(node)));
        }
        return name;
    }

    private static @Nullable Class<?> nameType(Shape.Reference reference) {
        return reference.name() instanceof Shape.Single single ? single.type() : null;
    }

    private @Nullable Object scalar(Shape shape, Node node, TreePath path) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.error(
                    start(node),
                    path,
                    "expected " + shape.noun() + ", found " + Nodes.describe(node),
                    Scalars.example(shape));
            return null;
        }
        try {
            return Scalars.parse(shape, scalar.getValue(), scalar.isPlain());
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
        return node.getStartMark().map(this::position).orElseGet(() -> new Position(file, 1, 1));
    }

    private Position position(Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
