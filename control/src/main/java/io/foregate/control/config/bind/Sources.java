package io.foregate.control.config.bind;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where each value of a bound configuration was written. It keeps the tree that was bound, and goes down it when it is asked, the
 * way that the binder went. One thread.
 */
public final class Sources {
    /** Mappings with more entries are searched by an index, which is made when it is first needed. */
    private static final int FEW = 16;

    /** What was written at a path. Short forms stand for several steps, and then these have the same node. */
    private record Place(
            TreePath asWritten,
            Shape shape,
            Node key,
            Node value,
            @Nullable Map<String, Node.Entry> index) {}

    private record MapKey(TreePath map, Object key) {}

    private final String file;
    private final @Nullable Place root;
    private final Map<TreePath, Place> large = new HashMap<>();
    private final Map<String, Set<String>> names = new HashMap<>();
    // Of one path several things are asked, and then of one below it.
    private @Nullable TreePath lastAsked;
    private @Nullable Place lastFound;
    // The keys that print in another way than they were written.
    private final Map<MapKey, String> respelt = new HashMap<>();

    /** Knows nothing but the name of the file: for configurations that were made by code. */
    public Sources(String file) {
        this.file = file;
        this.root = null;
    }

    Sources(String file, Shape shape, Node root) {
        this.file = file;
        this.root = new Place(TreePath.ROOT, shape, root, root, null);
    }

    /** Notes how a key of a mapping was written. */
    void spelt(TreePath map, Object key, String text) {
        if (!key.toString().equals(text)) {
            respelt.put(new MapKey(map, key), text);
        }
    }

    /** The path of an entry of a mapping, whose key may have been written in another way than it prints. */
    public TreePath entry(TreePath map, Object key) {
        String text = respelt.isEmpty() ? null : respelt.get(new MapKey(map, key));
        return map.key(text == null ? key.toString() : text);
    }

    /** The keys of a top-level mapping, those with broken values too, in the order of the file. */
    public Set<String> names(String of) {
        return names.computeIfAbsent(of, this::read);
    }

    private Set<String> read(String of) {
        Set<String> names = new LinkedHashSet<>();
        Place place = find(TreePath.ROOT.key(of));
        if (place != null && place.value instanceof Node.Mapping mapping && mapping.tag() == null) {
            for (Node.Entry entry : mapping.entries()) {
                if (entry.key() instanceof Node.Scalar key) {
                    names.add(key.text());
                }
            }
        }
        return names;
    }

    /** Whether the user wrote the value, in its long form or in a short one. */
    public boolean has(TreePath path) {
        return path.parent() != null && find(path) != null;
    }

    /** The position of the key, or of the nearest thing around it that has one. */
    public Position keyOf(TreePath path) {
        Place place = nearest(path);
        return place == null ? new Position(file, 1, 1) : position(place.key);
    }

    /** The position of the value, or of the nearest thing around it that has one. */
    public Position valueOf(TreePath path) {
        Place place = nearest(path);
        return place == null ? new Position(file, 1, 1) : position(place.value);
    }

    /** The path as the user wrote it: without the parts for which a short form stands. */
    public TreePath asWritten(TreePath path) {
        Place place = find(path);
        if (place != null) {
            return place.asWritten;
        }
        TreePath parent = path.parent();
        return parent == null ? path : path.under(asWritten(parent));
    }

    Position position(Node node) {
        return new Position(file, node.line(), node.column());
    }

    // The file as a whole has no place.
    private @Nullable Place nearest(TreePath path) {
        for (TreePath at = path; at.parent() != null; at = at.parent()) {
            Place place = find(at);
            if (place != null) {
                return place;
            }
        }
        return null;
    }

    private @Nullable Place find(TreePath path) {
        TreePath parent = path.parent();
        if (parent == null) {
            return root;
        }
        if (path == lastAsked) {
            return lastFound;
        }
        // Whoever asks for one entry of a large mapping asks for all of them.
        Place above = large.get(parent);
        if (above == null) {
            above = find(parent);
        }
        Place found = above == null ? null : below(above, path);
        lastAsked = path;
        lastFound = found;
        return found;
    }

    private @Nullable Place below(Place above, TreePath path) {
        Node node = above.value;
        if (node.tag() != null || Nodes.isNothing(node)) {
            return null;
        }
        ShortForm form = ShortForm.of(above.shape, node);
        if (form != null) {
            TreePath implied = form.step(above.asWritten);
            return implied.isSameStep(path) ? new Place(implied, form.value(), above.key, node, null) : null;
        }
        Shape shape = within(above.shape, path.segment());
        if (shape == null) {
            return null;
        }
        return switch (node) {
            case Node.Mapping mapping -> {
                Node.Entry entry = above.index != null ? above.index.get(path.segment()) : first(mapping, path);
                yield entry == null ? null : place(path.under(above.asWritten), shape, entry.key(), entry.value());
            }
            case Node.Sequence sequence -> {
                int index = path.index();
                Node element = index >= 0 && index < sequence.elements().size()
                        ? sequence.elements().get(index)
                        : null;
                yield element == null ? null : place(path.under(above.asWritten), shape, element, element);
            }
            case Node.Scalar scalar -> null;
        };
    }

    private static @Nullable Shape within(Shape shape, String key) {
        return switch (shape) {
            case Shape.Struct struct -> {
                Shape.Field field = struct.fields().get(key);
                yield field == null ? null : field.shape();
            }
            case Shape.MapOf map -> map.value();
            case Shape.ListOf list -> list.element();
            case Shape.Single _, Shape.Text _, Shape.Whole _, Shape.Flag _, Shape.Choice _, Shape.Reference _ -> null;
        };
    }

    private Place place(TreePath path, Shape shape, Node key, Node value) {
        if (!(value instanceof Node.Mapping mapping) || mapping.entries().size() <= FEW) {
            return new Place(path, shape, key, value, null);
        }
        Place place = new Place(path, shape, key, value, index(mapping));
        large.put(path, place);
        return place;
    }

    private static Node.@Nullable Entry first(Node.Mapping mapping, TreePath path) {
        for (Node.Entry entry : mapping.entries()) {
            if (entry.key() instanceof Node.Scalar key && key.text().equals(path.segment())) {
                return entry;
            }
        }
        return null;
    }

    private static Map<String, Node.Entry> index(Node.Mapping mapping) {
        Map<String, Node.Entry> index = HashMap.newHashMap(mapping.entries().size());
        for (Node.Entry entry : mapping.entries()) {
            if (entry.key() instanceof Node.Scalar key) {
                index.putIfAbsent(key.text(), entry);
            }
        }
        return index;
    }
}
