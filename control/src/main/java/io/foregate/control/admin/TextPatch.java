package io.foregate.control.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Patches YAML: one place of a text is written anew, in flow style, and the rest isn't touched. A patch is a guess by the places of
 * nodes, and whoever uses it checks it; null is no guess. Stateless.
 */
final class TextPatch {
    private TextPatch() {}

    /** One place in the tree of nodes. */
    private record Place(@Nullable Node parent, int position, Node node) {
        /** The key that leads here; null in a list, and at the root. */
        @Nullable
        Node key() {
            return parent instanceof MappingNode map
                    ? map.getValue().get(position).getKeyNode()
                    : null;
        }

        int siblings() {
            return parent instanceof CollectionNode<?> collection
                    ? collection.getValue().size()
                    : 0;
        }

        /** The node at that position beside this one. */
        Node sibling(int at) {
            return switch (parent) {
                case MappingNode map -> map.getValue().get(at).getValueNode();
                case SequenceNode list -> list.getValue().get(at);
                case null, default -> node;
            };
        }

        /** Where the entry at that position begins. */
        int entryStart(int at) {
            return parent instanceof MappingNode map
                    ? start(map.getValue().get(at).getKeyNode())
                    : start(sibling(at));
        }
    }

    /** Puts {@code value} in the place of what is there. */
    static @Nullable String replace(String text, List<String> path, @Nullable Object value) {
        Place place = find(text, path);
        if (place == null || place.parent == null) {
            return null;
        }
        int[] points = text.codePoints().toArray();
        int start = start(place.node);
        int end = end(place.node, points);
        String flow = flow(value);
        Node key = place.key();
        if (key != null && block(place.node)) {
            // Up to the line of its key, unless a comment stands between.
            String between = string(points, end(key, points), start);
            if (between.indexOf('#') < 0) {
                start = end(key, points);
                flow = ": " + flow;
            }
        } else if (key != null && start == end) {
            flow = " " + flow;
        }
        return patched(points, start, end, endsLine(points, start, end) ? flow + "\n" : flow);
    }

    /** Adds an entry to the mapping or list at {@code path}. */
    static @Nullable String add(String text, List<String> path, String key, @Nullable Object value) {
        Place place = find(text, path);
        if (place == null || !(place.node instanceof CollectionNode<?> into)) {
            return null;
        }
        int[] points = text.codePoints().toArray();
        boolean list = into instanceof SequenceNode;
        String entry = list ? flow(value) : entry(key, value);
        int count = into.getValue().size();
        Place last = count == 0 ? null : child(into, count - 1);
        if (last == null) {
            int end = end(into, points) - 1;
            return into.getFlowStyle() == FlowStyle.FLOW ? patched(points, end, end, entry) : null;
        }
        int end = end(last.node, points);
        if (into.getFlowStyle() == FlowStyle.FLOW) {
            return patched(points, end, end, ", " + entry);
        }
        int first = last.entryStart(0);
        int dash = list ? backTo(points, first, '-') : first;
        if (dash < 0) {
            return null;
        }
        String line = " ".repeat(column(points, dash)) + (list ? "- " : "") + entry;
        if (end > 0 && points[end - 1] == '\n') {
            return patched(points, end, end, line + "\n");
        }
        int at = lineEnd(points, end);
        return patched(points, at, at, "\n" + line);
    }

    /** Takes an entry away. */
    static @Nullable String remove(String text, List<String> path) {
        Place place = find(text, path);
        if (place == null || !(place.parent instanceof CollectionNode<?> from)) {
            return null;
        }
        int[] points = text.codePoints().toArray();
        if (place.siblings() == 1) {
            return replace(text, path.subList(0, path.size() - 1), from instanceof MappingNode ? Map.of() : List.of());
        }
        int start = place.entryStart(place.position);
        int end = end(place.node, points);
        if (from.getFlowStyle() == FlowStyle.FLOW) {
            boolean last = place.position == place.siblings() - 1;
            return last
                    ? patched(points, end(place.sibling(place.position - 1), points), end, "")
                    : patched(points, start, place.entryStart(place.position + 1), "");
        }
        int dash = from instanceof SequenceNode ? backTo(points, start, '-') : start;
        if (dash < 0) {
            return null;
        }
        int lineStart = dash - column(points, dash);
        if (!string(points, lineStart, dash).isBlank()) {
            // The first of a mapping that is an element of a list.
            return place.position + 1 < place.siblings()
                    ? patched(points, start, place.entryStart(place.position + 1), "")
                    : null;
        }
        int after = end > 0 && points[end - 1] == '\n' ? end : Math.min(lineEnd(points, end) + 1, points.length);
        return patched(points, lineStart, after, "");
    }

    private static @Nullable Place find(String text, List<String> path) {
        try {
            Optional<Node> root = new Compose(LoadSettings.builder()
                            .setMaxAliasesForCollections(Integer.MAX_VALUE)
                            .setCodePointLimit(Integer.MAX_VALUE)
                            .build())
                    .composeString(text);
            Place place = root.isEmpty() ? null : new Place(null, 0, root.get());
            for (String key : path) {
                place = place == null ? null : child(place.node, key);
            }
            return place;
        } catch (YamlEngineException e) {
            return null;
        }
    }

    private static @Nullable Place child(Node node, String key) {
        if (node instanceof SequenceNode list) {
            int index = ConfigTree.index(key, list.getValue().size());
            return index < 0 ? null : child(list, index);
        }
        if (node instanceof MappingNode map) {
            for (int i = 0; i < map.getValue().size(); i++) {
                if (map.getValue().get(i).getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key)) {
                    return child(map, i);
                }
            }
        }
        return null;
    }

    private static Place child(CollectionNode<?> node, int position) {
        Object one = node.getValue().get(position);
        return new Place(node, position, one instanceof NodeTuple tuple ? tuple.getValueNode() : (Node) one);
    }

    // ---- places in the text, in code points ----

    private static int start(Node node) {
        return node.getStartMark().map(Mark::getIndex).orElse(0);
    }

    // The parser has collections in block style end where the next thing begins, with all comments between.
    private static int end(Node node, int[] points) {
        if (block(node) && node instanceof CollectionNode<?> collection) {
            return end(child(collection, collection.getValue().size() - 1).node, points);
        }
        int end = node.getEndMark().map(Mark::getIndex).orElse(0);
        return Math.min(end, points.length);
    }

    private static boolean block(Node node) {
        return node instanceof CollectionNode<?> collection
                && collection.getFlowStyle() != FlowStyle.FLOW
                && !collection.getValue().isEmpty();
    }

    private static boolean endsLine(int[] points, int start, int end) {
        return end > start && points[end - 1] == '\n';
    }

    private static int lineEnd(int[] points, int from) {
        int at = from;
        while (at < points.length && points[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int column(int[] points, int at) {
        int start = at;
        while (start > 0 && points[start - 1] != '\n') {
            start--;
        }
        return at - start;
    }

    // On the same line.
    private static int backTo(int[] points, int from, char wanted) {
        for (int at = from - 1; at >= 0 && points[at] != '\n'; at--) {
            if (points[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    private static String string(int[] points, int start, int end) {
        return end <= start ? "" : new String(points, start, end - start);
    }

    private static String patched(int[] points, int start, int end, String with) {
        return string(points, 0, start) + with + string(points, end, points.length);
    }

    private static String entry(String key, @Nullable Object value) {
        LinkedHashMap<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put(key, value);
        String flow = flow(one);
        return flow.substring(1, flow.length() - 1);
    }

    private static String flow(@Nullable Object value) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.FLOW)
                .setWidth(Integer.MAX_VALUE)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(value).strip();
    }
}
