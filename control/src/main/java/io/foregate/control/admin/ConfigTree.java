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
    private ConfigTree() {}

    /** The tree of a text that is known to be sound: what aliases stand for is bounded then. */
    static Object of(Source source) {
        LoadSettings settings = LoadSettings.builder()
                .setMaxAliasesForCollections(Integer.MAX_VALUE)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        Object tree = new Load(settings).loadFromString(new String(source.text(), StandardCharsets.UTF_8));
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
                boolean index = key.matches("[0-9]{1,6}");
                yield index && Integer.parseInt(key) < list.size() ? list.get(Integer.parseInt(key)) : null;
            }
            default -> null;
        };
    }
}
