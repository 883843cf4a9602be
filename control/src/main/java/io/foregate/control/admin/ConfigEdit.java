package io.foregate.control.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Changes one place of a configuration's text. What stands elsewhere in it stays as it was written, comments and order too, where
 * that is possible: the text is patched, and read again to see whether it says what it should. Where it doesn't (an anchor that
 * stands for two places, say), the whole text is written anew, without comments. Stateless.
 */
final class ConfigEdit {
    private ConfigEdit() {}

    /** The place that was meant can't be changed so. */
    static final class NoSuchPlace extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean missing;

        NoSuchPlace(boolean missing, String message) {
            super(message, null, false, false);
            this.missing = missing;
        }

        /** Whether there is nothing; otherwise there is something else than was meant. */
        boolean missing() {
            return missing;
        }
    }

    /** The text with {@code value} at {@code path}, with all that is missing on the way there. */
    static String put(String text, List<String> path, @Nullable Object value) throws NoSuchPlace {
        Object tree = ConfigTree.of(text);
        List<String> known = existing(tree, path);
        Object before = at(tree, known);
        List<String> missing = path.subList(known.size(), path.size());
        Object wanted = value;
        if (missing.isEmpty()) {
            return written(text, replaced(tree, path, value), TextPatch.replace(text, path, value));
        }
        for (String key : missing.subList(1, missing.size()).reversed()) {
            Map<String, @Nullable Object> around = new LinkedHashMap<>();
            around.put(key, wanted);
            wanted = around;
        }
        String key = missing.getFirst();
        if (before == null) {
            Map<String, @Nullable Object> only = new LinkedHashMap<>();
            only.put(key, wanted);
            return written(text, replaced(tree, known, only), TextPatch.replace(text, known, only));
        }
        if (before instanceof List<?> list && !key.equals(String.valueOf(list.size()))) {
            throw new NoSuchPlace(
                    false,
                    shown(known) + " is a list here, to which " + list.size()
                            + " would add an element; what is to have " + key
                            + " is an object: write that as a whole");
        }
        if (!(before instanceof Map<?, ?>) && !(before instanceof List<?>)) {
            throw new NoSuchPlace(
                    false,
                    shown(known) + " is " + before + " here; what is to have " + key
                            + " is an object: write that as a whole");
        }
        return written(
                text,
                replaced(tree, path.subList(0, known.size() + 1), wanted),
                TextPatch.add(text, known, key, wanted));
    }

    /** The text without what is at {@code path}. */
    static String remove(String text, List<String> path) throws NoSuchPlace {
        Object tree = ConfigTree.of(text);
        if (existing(tree, path).size() < path.size()) {
            throw new NoSuchPlace(true, "the configuration has no " + shown(path));
        }
        return written(text, removed(tree, path), TextPatch.remove(text, path));
    }

    // A patch is used when it says what is wanted, and nothing else.
    private static String written(String text, @Nullable Object wanted, @Nullable String patched) throws NoSuchPlace {
        if (patched != null && says(patched, wanted)) {
            return patched;
        }
        Node whole = new Compose(ConfigTree.SETTINGS).composeString(text).orElse(null);
        if (whole != null) {
            heedNumbers(whole);
        }
        return dumped(wanted);
    }

    private static boolean says(String patched, @Nullable Object wanted) {
        try {
            return Objects.equals(ConfigTree.of(patched), wanted);
        } catch (YamlEngineException e) {
            return false;
        }
    }

    // A configuration goes by how a number is written (1.10 may be a version), and it would be written otherwise (1.1).
    private static void heedNumbers(Node node) throws NoSuchPlace {
        switch (node) {
            case ScalarNode one
            when one.isPlain() && one.getTag().equals(Tag.FLOAT) ->
                throw new NoSuchPlace(
                        false,
                        "the text can't be changed in this place alone, and written anew " + one.getValue()
                                + " might become another text; put that in quotes first, or send the whole configuration");
            case MappingNode map -> {
                for (NodeTuple entry : map.getValue()) {
                    heedNumbers(entry.getKeyNode());
                    heedNumbers(entry.getValueNode());
                }
            }
            case SequenceNode list -> {
                for (Node element : list.getValue()) {
                    heedNumbers(element);
                }
            }
            default -> {}
        }
    }

    private static String dumped(@Nullable Object tree) {
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(tree);
    }

    private static String shown(List<String> path) {
        return path.isEmpty() ? "the configuration" : String.join("/", path);
    }

    /** As much of the path as there is. */
    private static List<String> existing(Object tree, List<String> path) {
        for (int length = path.size(); length > 0; length--) {
            if (has(tree, path.subList(0, length))) {
                return path.subList(0, length);
            }
        }
        return List.of();
    }

    private static boolean has(Object tree, List<String> path) {
        Object parent = at(tree, path.subList(0, path.size() - 1));
        String key = path.getLast();
        return switch (parent) {
            case Map<?, ?> map ->
                map.keySet().stream().anyMatch(one -> String.valueOf(one).equals(key));
            case List<?> list -> ConfigTree.index(key, list.size()) >= 0;
            case null, default -> false;
        };
    }

    private static @Nullable Object at(@Nullable Object tree, List<String> path) {
        Object part = tree;
        for (String key : path) {
            part = part == null ? null : ConfigTree.child(part, key);
        }
        return part;
    }

    // Copies on the way there, since aliases are the same object in several places.
    private static @Nullable Object replaced(@Nullable Object tree, List<String> path, @Nullable Object value) {
        if (path.isEmpty()) {
            return value;
        }
        List<String> rest = path.subList(1, path.size());
        if (tree instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list);
            int index = ConfigTree.index(path.getFirst(), list.size());
            if (index < 0) {
                copy.add(replaced(null, rest, value));
            } else {
                copy.set(index, replaced(list.get(index), rest, value));
            }
            return copy;
        }
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, one) -> copy.put(Objects.requireNonNull(key), one));
        }
        Object key = key(copy, path.getFirst());
        copy.put(key, replaced(copy.get(key), rest, value));
        return copy;
    }

    private static @Nullable Object removed(@Nullable Object tree, List<String> path) {
        if (path.size() > 1) {
            List<String> parent = path.subList(0, path.size() - 1);
            return replaced(tree, parent, removed(at(tree, parent), List.of(path.getLast())));
        }
        if (tree instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list);
            copy.remove(ConfigTree.index(path.getFirst(), list.size()));
            return copy;
        }
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, one) -> copy.put(Objects.requireNonNull(key), one));
        }
        copy.remove(key(copy, path.getFirst()));
        return copy;
    }

    // Keys that look like numbers are numbers.
    private static Object key(Map<Object, @Nullable Object> map, String text) {
        for (Object key : map.keySet()) {
            if (String.valueOf(key).equals(text)) {
                return key;
            }
        }
        return text;
    }
}
