package io.foregate.control.config;

import io.foregate.control.config.bind.Scalar;
import io.foregate.control.config.bind.Shape;
import io.foregate.control.config.bind.Shapes;
import io.foregate.control.config.model.BuiltIn;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Defaults;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the reference page of the configuration (Markdown) from the records that it is bound to. */
public final class ConfigReference {
    private static final String HEAD = """
            # Configuration reference

            Every key there is. The page is made from the source, and so is the JSON Schema beside it
            (`foregate.schema.json`), from which editors complete and check. How to use the keys is told in
            [configuration.md](../configuration.md).

            Wherever a list is expected, a single value may stand for a list of one. "Short form" says what a value that
            isn't a mapping stands for. A default in the tables holds when neither the key nor `defaults` says anything.

            """;

    private final Map<Shape.Struct, List<String>> places = new LinkedHashMap<>();
    private final Map<String, Scalar> scalars = new TreeMap<>();
    private final Map<String, String> builtIn = new HashMap<>();

    private ConfigReference() {
        builtIns(Shapes.of(Defaults.class), BuiltIn.DEFAULTS);
        visit(Shapes.of(Config.class), "");
    }

    /** The page, always the same. */
    public static String markdown() {
        ConfigReference reference = new ConfigReference();
        StringBuilder page = new StringBuilder(HEAD);
        reference.places.forEach((struct, places) -> reference.section(page, struct, places));
        page.append("## Kinds of values\n\n| kind | how it is written | examples |\n|---|---|---|\n");
        reference.scalars.forEach((kind, scalar) -> page.append(row(
                kind, scalar.doc(), code(String.join("\n", scalar.examples())).replace("\n", "`, `"))));
        return page.toString();
    }

    private void visit(Shape.Struct struct, String place) {
        List<String> known = places.get(struct);
        if (known != null) {
            known.add(place);
            return;
        }
        places.put(struct, new ArrayList<>(List.of(place)));
        struct.fields().forEach((key, field) -> visitShape(field.shape(), place.isEmpty() ? key : place + "." + key));
    }

    private void visitShape(Shape shape, String place) {
        switch (shape) {
            case Shape.Struct struct -> visit(struct, place);
            case Shape.ListOf list -> visitShape(list.element(), place);
            case Shape.MapOf map -> {
                visitShape(map.key(), place);
                visitShape(map.value(), place + ".<" + bare(map.key()) + ">");
            }
            case Shape.Reference reference -> visitShape(reference.name(), place);
            case Shape.Single single -> scalars.putIfAbsent(kind(single), single.about());
            case Shape.Text text -> {}
            case Shape.Whole whole -> {}
            case Shape.Flag flag -> {}
            case Shape.Choice choice -> {}
        }
    }

    /** Two kinds of values may go by one name in messages, but not in a table. */
    private static String kind(Shape.Single single) {
        return switch (single.type().getSimpleName()) {
            case "PathPattern" -> "path pattern";
            case "Template" -> "text with placeholders";
            default -> bare(single);
        };
    }

    private static String bare(Shape shape) {
        return shape.noun().replaceFirst("^an? ", "");
    }

    private void section(StringBuilder page, Shape.Struct struct, List<String> places) {
        String first = places.getFirst();
        page.append("## ").append(first.isEmpty() ? "The file" : code(first)).append("\n\n");
        page.append(struct.about().value()).append('\n');
        if (places.size() > 1) {
            String others = places.stream().skip(1).map(ConfigReference::code).collect(Collectors.joining(", "));
            page.append("\nAlso at ").append(others).append(".\n");
        }
        if (!struct.about().grows().isEmpty()) {
            page.append("\nShort form: ").append(code(struct.about().grows())).append(".\n");
        }
        page.append("\n| key | value | default | |\n|---|---|---|---|\n");
        struct.fields()
                .forEach((key, field) -> page.append(row(
                        code(key),
                        type(field.shape()),
                        defaultOf(field),
                        field.about().value())));
        page.append('\n');
    }

    private static String type(Shape shape) {
        return switch (shape) {
            case Shape.Struct struct -> "mapping";
            case Shape.ListOf list -> "list: " + type(list.element());
            case Shape.MapOf map -> {
                String key = map.key() instanceof Shape.Single single ? kind(single) : "name";
                yield "mapping: " + key + " to " + type(map.value());
            }
            case Shape.Reference reference -> "name, from " + code(reference.of());
            case Shape.Text text -> "text";
            case Shape.Whole whole ->
                whole.max() == Integer.MAX_VALUE ? "number" : "number, " + whole.min() + "–" + whole.max();
            case Shape.Flag flag -> "`true` or `false`";
            case Shape.Choice choice ->
                choice.constants().keySet().stream().map(ConfigReference::code).collect(Collectors.joining(", "));
            case Shape.Single single -> kind(single);
        };
    }

    private String defaultOf(Shape.Field field) {
        if (!field.about().otherwise().isEmpty()) {
            return code(field.about().otherwise());
        }
        String value = builtIn.get(id(field.component()));
        if (value == null) {
            value = builtIn.get(
                    Defaults.class.getName() + "." + field.component().getName());
        }
        return value != null ? code(value) : field.isRequired() ? "required" : "";
    }

    /** Walks the built-in defaults along their shape and notes the value of each leaf. */
    private void builtIns(Shape.Struct struct, Object record) {
        for (Shape.Member member : struct.members()) {
            Object value = read(member.component(), record);
            switch (member) {
                case Shape.Inlined inlined -> builtIns(inlined.struct(), required(value, member));
                case Shape.Field field -> {
                    switch (field.shape()) {
                        case Shape.Struct inner -> {
                            // What is left out by default as a whole has no defaults within.
                            if (value != null) {
                                builtIns(inner, value);
                            }
                        }
                        case Shape.Choice choice -> note(field, Shapes.word(required(value, member)));
                        case Shape.Single single ->
                            note(field, required(value, member).toString());
                        case Shape.Whole whole ->
                            note(field, required(value, member).toString());
                        case Shape.Flag flag ->
                            note(field, required(value, member).toString());
                        case Shape.Text text ->
                            note(field, required(value, member).toString());
                        case Shape.Reference reference -> {}
                        case Shape.ListOf list -> {}
                        case Shape.MapOf map -> {}
                    }
                }
            }
        }
    }

    private void note(Shape.Field field, String value) {
        builtIn.put(id(field.component()), value);
    }

    private static Object required(@Nullable Object value, Shape.Member member) {
        if (value == null) {
            throw new IllegalStateException("there is no built-in default for " + member.component());
        }
        return value;
    }

    private static @Nullable Object read(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(RecordComponent component) {
        return component.getDeclaringRecord().getName() + "." + component.getName();
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
