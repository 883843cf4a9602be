package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Rules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The places that may say something about one route, the most general first. What a later step says holds. The layers of
 * one step (policies that are used side by side) have the same right: if they contradict each other that is an error.
 */
final class Layers {
    /**
     * One place.
     *
     * @param path where its rules are in the tree; {@code null} if they are built in
     * @param usedAt where a policy is used; {@code null} for rules that stand where they apply
     */
    record Layer(
            Rules rules, @Nullable TreePath path, @Nullable TreePath usedAt) {}

    private final @Nullable Layers base;
    private final List<List<Layer>> steps;
    // What was asked for, with the answer: many routes stand upon the same base.
    private final Map<String, Optional<Setting<?>>> known = new HashMap<>();
    private final Sources sources;
    private final Report report;

    Layers(List<List<Layer>> steps, Report report) {
        this(null, steps, report);
    }

    private Layers(@Nullable Layers base, List<List<Layer>> steps, Report report) {
        this.base = base;
        this.steps = steps;
        this.sources = report.sources();
        this.report = report;
    }

    /** These, and more specific ones. */
    Layers and(List<List<Layer>> more) {
        return new Layers(this, more, report);
    }

    /** The value that holds, or {@code null} if nobody says anything. {@code key} may have two parts: limits.body. */
    <T> @Nullable Setting<T> find(String key, Function<Rules, @Nullable T> get) {
        Setting<T> own = own(key, get);
        return own != null || base == null ? own : base.remembered(key, get);
    }

    // One key is always asked for with the same function.
    @SuppressWarnings("unchecked")
    private <T> @Nullable Setting<T> remembered(String key, Function<Rules, @Nullable T> get) {
        Optional<Setting<?>> answer = known.get(key);
        if (answer == null) {
            answer = Optional.ofNullable(find(key, get));
            known.put(key, answer);
        }
        return (Setting<T>) answer.orElse(null);
    }

    private <T> @Nullable Setting<T> own(String key, Function<Rules, @Nullable T> get) {
        // Without iterators: this is asked a score of times for each route, and there may be ten thousands of them.
        for (int i = steps.size() - 1; i >= 0; i--) {
            List<Layer> step = steps.get(i);
            Layer first = null;
            T value = null;
            for (int j = 0; j < step.size(); j++) {
                Layer layer = step.get(j);
                T candidate = get.apply(layer.rules);
                if (candidate == null) {
                    continue;
                }
                if (first == null || value == null) {
                    first = layer;
                    value = candidate;
                } else if (!candidate.equals(value)) {
                    conflict(first, key, layer, key);
                }
            }
            if (first != null && value != null) {
                return new Setting<>(value, origin(first, key));
            }
        }
        return null;
    }

    /** The value that holds; the built-in step has one for every key that is asked for. */
    <T> Setting<T> get(String key, Function<Rules, @Nullable T> get) {
        Setting<T> setting = find(key, get);
        if (setting == null) {
            throw new IllegalStateException(key + " has no default");
        }
        return setting;
    }

    /** Merges by header name: for each, what the last step says, and what it and later ones add. */
    List<Setting<HeaderEdit>> headers(String key, Function<Rules, Rules.HeaderEdits> get) {
        HeaderMerge merge = new HeaderMerge(this, key);
        mergeInto(merge, get);
        return merge.result();
    }

    private void mergeInto(HeaderMerge merge, Function<Rules, Rules.HeaderEdits> get) {
        if (base != null) {
            base.mergeInto(merge, get);
        }
        for (List<Layer> step : steps) {
            merge.nextStep();
            for (Layer layer : step) {
                merge.add(layer, get.apply(layer.rules));
            }
        }
    }

    /** Reports that two policies, used side by side, contradict each other. */
    void conflict(Layer first, String firstKey, Layer second, String secondKey) {
        TreePath at = second.usedAt;
        if (at == null || first.equals(second)) {
            return;
        }
        report.errorAtValue(
                at,
                "two policies that are used here contradict each other: " + origin(first, firstKey) + " and "
                        + origin(second, secondKey),
                "use one of them, or say here what holds");
    }

    Origin origin(Layer layer, String key) {
        return layer.path == null ? Origin.DEFAULT : origin(sources, below(layer.path, key));
    }

    static Origin origin(Sources sources, TreePath path) {
        return new Origin(sources.keyOf(path), sources.asWritten(path).printed());
    }

    static TreePath below(TreePath path, String key) {
        TreePath at = path;
        // Not a split at every dot: the last part may be a header name.
        for (String part : key.split("\\.", 3)) {
            at = at.key(part);
        }
        return at;
    }
}
