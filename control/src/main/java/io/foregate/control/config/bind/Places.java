package io.foregate.control.config.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where each key may stand, for those who write one, or its value, in the wrong place. */
final class Places {
    private static final int SHOWN = 2;
    /** A path or a number rather than a slip of the pen, and the same text in YAML. */
    private static final Pattern UNLIKE_A_WORD = Pattern.compile("[\\w/.-]*[/.][\\w/.-]*");

    private final Map<String, List<String>> places = new HashMap<>();

    Places(Shape.Struct root) {
        visit(root, "");
    }

    /** "it belongs into …", or nothing if there is no such key anywhere. */
    String hint(String key) {
        List<String> known = places.getOrDefault(key, List.of());
        return known.isEmpty()
                ? ""
                : "it belongs into " + String.join(" or ", known.subList(0, Math.min(SHOWN, known.size())));
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

    private static boolean takes(Shape.Single single, String text) {
        if (!UNLIKE_A_WORD.matcher(text).matches()
                && !List.of(single.about().examples()).contains(text)) {
            return false;
        }
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
                    visit(field.shape(), place.isEmpty() ? key : place + "." + key);
                });
            case Shape.ListOf list -> visit(list.element(), place);
            case Shape.MapOf map ->
                visit(map.value(), place + ".<" + map.key().noun().replaceFirst("^an? ", "") + ">");
            case Shape.Single single -> {}
            case Shape.Text text -> {}
            case Shape.Whole whole -> {}
            case Shape.Flag flag -> {}
            case Shape.Choice choice -> {}
            case Shape.Reference reference -> {}
        }
    }
}
