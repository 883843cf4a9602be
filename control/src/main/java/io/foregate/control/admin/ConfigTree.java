package io.foregate.control.admin;

import io.foregate.control.reload.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A configuration as a tree of maps, lists and values, as it was written. Stateless. */
final class ConfigTree {
    static final LoadSettings SETTINGS = LoadSettings.builder()
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();

    private ConfigTree() {}

    /** The tree of a text that is known to be sound: what aliases stand for is bounded then. */
    static Object of(Source source) {
        return of(new String(source.text(), StandardCharsets.UTF_8));
    }

    /** The same of a text of which nothing is known; throws YamlEngineException when it isn't YAML. */
    static Object of(String text) {
        Object tree = new Load(SETTINGS).loadFromString(text);
        return tree == null ? Map.of() : tree;
    }

    /** What is below that key, or at that place of a list; null when nothing is. */
    static @Nullable Object child(Object tree, String key) {
        return switch (tree) {
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (String.valueOf(entry.getKey()).equals(key)) {
                        yield entry.getValue();
                    }
                }
                yield null;
            }
            case List<?> list -> {
                int index = index(key, list.size());
                yield index < 0 ? null : list.get(index);
            }
            default -> null;
        };
    }

    /** The place in a list of that size that {@code key} means; -1 when it means none. */
    static int index(String key, int size) {
        boolean number = key.matches("0|[1-9][0-9]{0,5}");
        return number && Integer.parseInt(key) < size ? Integer.parseInt(key) : -1;
    }
}
