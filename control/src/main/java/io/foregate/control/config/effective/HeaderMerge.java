package io.foregate.control.config.effective;

import io.foregate.control.config.effective.Layers.Layer;
import io.foregate.control.config.model.FieldName;
import io.foregate.control.config.model.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges header edits of several layers by header name. */
final class HeaderMerge {
    /** What is known about one name. */
    private static final class Entry {
        @Nullable
        Setting<HeaderEdit> base;

        @Nullable
        Layer baseLayer;

        @Nullable
        Layer rival;

        String baseKey = "";
        String rivalKey = "";
        int step;
        final List<Added> added = new ArrayList<>();
    }

    private record Added(int step, Setting<HeaderEdit> edit) {}

    private final Map<FieldName, Entry> entries = new LinkedHashMap<>();
    private final Layers layers;
    private final String key;
    private int step;

    HeaderMerge(Layers layers, String key) {
        this.layers = layers;
        this.key = key;
    }

    /** What comes from now on holds against what came before. */
    void nextStep() {
        step++;
    }

    void add(Layer layer, Rules.HeaderEdits edits) {
        for (FieldName name : edits.remove()) {
            base(layer, new HeaderEdit.Remove(name), key + ".remove");
        }
        edits.set().forEach((name, value) -> base(layer, new HeaderEdit.Set(name, value), key + ".set." + name));
        edits.add().forEach((name, values) -> {
            Origin origin = layers.origin(layer, key + ".add." + name);
            List<Added> added = entry(name).added;
            // A policy that both the site and the route use adds its fields once.
            if (added.stream().noneMatch(other -> other.edit.origin().equals(origin))) {
                values.forEach(value ->
                        added.add(new Added(step, new Setting<>(new HeaderEdit.Add(name, value), origin))));
            }
        });
    }

    private void base(Layer layer, HeaderEdit edit, String editKey) {
        Entry entry = entry(edit.name());
        if (entry.base != null && entry.step == step) {
            if (!entry.base.value().equals(edit)) {
                entry.rival = layer;
                entry.rivalKey = editKey;
            }
            return;
        }
        entry.base = new Setting<>(edit, layers.origin(layer, editKey));
        entry.baseLayer = layer;
        entry.baseKey = editKey;
        entry.rival = null;
        entry.step = step;
        entry.added.removeIf(added -> added.step < step);
    }

    private Entry entry(FieldName name) {
        return entries.computeIfAbsent(name, key -> new Entry());
    }

    /** Removals and settings first, then what is added. Contradictions that no later step settled are reported. */
    List<Setting<HeaderEdit>> result() {
        List<Setting<HeaderEdit>> result = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.rival != null && entry.baseLayer != null) {
                layers.conflict(entry.baseLayer, entry.baseKey, entry.rival, entry.rivalKey);
            }
            if (entry.base != null) {
                result.add(entry.base);
            }
        }
        entries.values().forEach(entry -> entry.added.forEach(added -> result.add(added.edit)));
        return List.copyOf(result);
    }
}
