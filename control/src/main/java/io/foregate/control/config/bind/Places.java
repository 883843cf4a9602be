package io.foregate.control.config.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where each key may stand, for those who write one in the wrong place. */
final class Places {
    private static final int SHOWN = 2;

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
