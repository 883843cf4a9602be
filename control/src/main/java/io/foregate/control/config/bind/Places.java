package io.foregate.control.config.bind;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where each key may stand, for those who write one, or its value, in the wrong place. */
final class Places {
    private static final int SHOWN = 2;
    /** A path or a number rather than a slip of the pen, and the same text in YAML. */
    private static final Pattern UNLIKE_A_WORD = Pattern.compile("[\\w/.-]*[/.][\\w/.-]*");
    /** An address with a port, or one with a scheme. */
    private static final Pattern ADDRESS = Pattern.compile("\\S*:\\S*");

    private final Shape.Struct root;
    private final Map<String, List<String>> places = new HashMap<>();

    Places(Shape.Struct root) {
        this.root = root;
        visit(root, "");
    }

    /**
     * "it belongs into …", or nothing if there is no such key near: deeper down, the same word means something else.
     *
     * @param struct where it stands
     */
    String hint(String key, TreePath struct) {
        String here = spot(struct).place;
        List<String> near = places.getOrDefault(key, List.of()).stream()
                .filter(place -> steps(place) <= steps(here) + 1)
                .toList();
        List<String> around = near.stream()
                .filter(place -> here.startsWith(place + "."))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .limit(1)
                .toList();
        // Such as pools.<name>: what is written most, and so what is meant most.
        List<String> named = near.stream().filter(place -> place.endsWith(">")).toList();
        List<String> meant = !around.isEmpty() ? around : !named.isEmpty() ? named : near;
        return meant.isEmpty()
                ? ""
                : "it belongs into " + String.join(" or ", meant.subList(0, Math.min(SHOWN, meant.size())));
    }

    // Names that somebody has chosen aside.
    private static long steps(String place) {
        return Arrays.stream(place.split("\\."))
                .filter(step -> !step.isEmpty() && !step.startsWith("<"))
                .count();
    }

    private record Spot(Shape shape, String place) {}

    private Spot spot(TreePath path) {
        TreePath parent = path.parent();
        if (parent == null) {
            return new Spot(root, "");
        }
        Spot above = spot(parent);
        return switch (above.shape) {
            case Shape.Struct struct -> {
                Shape.Field field = struct.fields().get(path.segment());
                yield field == null ? above : new Spot(field.shape(), below(above.place, path.segment()));
            }
            case Shape.ListOf list -> new Spot(list.element(), above.place);
            case Shape.MapOf map -> new Spot(map.value(), named(above.place, map));
            case Shape.Single single -> above;
            case Shape.Text text -> above;
            case Shape.Whole whole -> above;
            case Shape.Flag flag -> above;
            case Shape.Choice choice -> above;
            case Shape.Reference reference -> above;
        };
    }

    private static String below(String place, String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    private static String named(String place, Shape.MapOf map) {
        return place + ".<" + map.key().noun().replaceFirst("^an? ", "") + ">";
    }

    /**
     * The long form that may be meant where a short form's value is none of its few words, but by its looks a value of another key, as
     * {@code access: access.log} is; empty where nothing suggests that.
     */
    static String meant(Shape.Struct struct, Shape.Field grows, Node node) {
        if (!(grows.shape() instanceof Shape.Choice choice)
                || !(node instanceof Node.Scalar scalar)
                || choice.constants().containsKey(scalar.text())) {
            return "";
        }
        String text = scalar.text();
        List<String> keys = new ArrayList<>();
        struct.fields().forEach((key, field) -> {
            if (field != grows && field.shape() instanceof Shape.Single single && takes(single, text)) {
                keys.add(key);
            }
        });
        return keys.size() == 1 ? "write { " + keys.getFirst() + ": " + text + " }" : "";
    }

    /** The key that the short form of {@code struct} stands for, where it takes addresses and {@code node} is one; else empty. */
    static String keyOfAddress(Shape.Struct struct, Node node) {
        Shape.Field main = struct.fields().get(struct.about().grows());
        return main != null
                        && main.shape() instanceof Shape.Single single
                        && node instanceof Node.Scalar scalar
                        && ADDRESS.matcher(scalar.text()).matches()
                        && Arrays.stream(single.about().examples()).anyMatch(ADDRESS.asMatchPredicate())
                        && isValue(single, scalar.text())
                ? main.key()
                : "";
    }

    private static boolean takes(Shape.Single single, String text) {
        if (!UNLIKE_A_WORD.matcher(text).matches()
                && !List.of(single.about().examples()).contains(text)) {
            return false;
        }
        return isValue(single, text);
    }

    private static boolean isValue(Shape.Single single, String text) {
        try {
            Scalars.parse(single, text, true);
            return true;
        } catch (BadValue bad) {
            return false;
        }
    }

    private void visit(Shape shape, String place) {
        switch (shape) {
            case Shape.Struct struct ->
                struct.fields().forEach((key, field) -> {
                    if (!place.isEmpty()) {
                        places.computeIfAbsent(key, any -> new ArrayList<>()).add(place);
                    }
                    visit(field.shape(), below(place, key));
                });
            case Shape.ListOf list -> visit(list.element(), place);
            case Shape.MapOf map -> visit(map.value(), named(place, map));
            case Shape.Single single -> {}
            case Shape.Text text -> {}
            case Shape.Whole whole -> {}
            case Shape.Flag flag -> {}
            case Shape.Choice choice -> {}
            case Shape.Reference reference -> {}
        }
    }
}
