package io.foregate.control.config;

import io.foregate.control.config.bind.Shape;
import io.foregate.control.config.bind.Shapes;
import io.foregate.control.config.model.Config;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the JSON Schema (2020-12) of the configuration from the records that it is bound to, for editors to complete and
 * check from. It accepts short forms as the binder does; references and what several keys say together are beyond it.
 */
public final class ConfigSchema {
    private static final List<String> ANY_SCALAR = List.of("string", "number", "boolean");

    private final Map<String, Object> definitions = new LinkedHashMap<>();

    private ConfigSchema() {}

    /** The schema as JSON text, always the same. */
    public static String json() {
        ConfigSchema schema = new ConfigSchema();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Foregate configuration");
        root.putAll(schema.object(Shapes.of(Config.class)));
        root.put("$defs", schema.definitions);
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        return mapper.writeValueAsString(root).replace("\r\n", "\n") + "\n";
    }

    private Map<String, Object> schema(Shape shape) {
        return switch (shape) {
            case Shape.Struct struct -> reference(struct);
            case Shape.ListOf list -> {
                Map<String, Object> element = schema(list.element());
                yield either(map("type", "array", "items", element), element);
            }
            case Shape.MapOf map -> mapping(map);
            case Shape.Reference reference -> schema(reference.name());
            case Shape.Text text -> map("type", ANY_SCALAR);
            case Shape.Whole whole -> map("type", "integer", "minimum", whole.min(), "maximum", whole.max());
            case Shape.Flag flag -> map("type", "boolean");
            case Shape.Choice choice ->
                map("enum", List.copyOf(choice.constants().keySet()));
            case Shape.Single single -> scalar(single);
        };
    }

    private Map<String, Object> reference(Shape.Struct struct) {
        String name = struct.type().getSimpleName();
        if (!definitions.containsKey(name)) {
            // Its place in the order is taken before what it holds is described.
            definitions.put(name, Map.of());
            Shape.Field grows = struct.fields().get(struct.about().grows());
            Map<String, Object> object = object(struct);
            definitions.put(name, grows == null ? object : either(object, schema(grows.shape())));
        }
        return map("$ref", "#/$defs/" + name);
    }

    private Map<String, Object> object(Shape.Struct struct) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        struct.fields().forEach((key, field) -> {
            Map<String, Object> property = new LinkedHashMap<>();
            property.put("description", plain(field.about().value()));
            property.putAll(schema(field.shape()));
            if (!field.about().otherwise().isEmpty()) {
                property.put("default", defaultOf(field));
            }
            properties.put(key, property);
            if (field.isRequired()) {
                required.add(key);
            }
        });
        Map<String, Object> object =
                map("type", "object", "description", plain(struct.about().value()));
        object.put("properties", properties);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        object.put("additionalProperties", false);
        return object;
    }

    private Map<String, Object> mapping(Shape.MapOf map) {
        Map<String, Object> value = schema(map.value());
        Map<String, Object> object = map("type", "object");
        Shape name = map.key() instanceof Shape.Reference reference ? reference.name() : map.key();
        if (name instanceof Shape.Single key && !key.about().pattern().isEmpty()) {
            object.put("propertyNames", map("pattern", key.about().pattern()));
        }
        object.put("additionalProperties", value);
        return map.grows().isEmpty() ? object : either(object, value);
    }

    private static Map<String, Object> scalar(Shape.Single single) {
        boolean numbers = Arrays.stream(single.about().examples()).anyMatch(example -> example.matches("[0-9]+"));
        boolean anything = single.about().value().equals("a text");
        Map<String, Object> scalar =
                map("type", anything ? ANY_SCALAR : numbers ? List.of("string", "integer") : "string");
        if (!single.about().pattern().isEmpty()) {
            scalar.put("pattern", single.about().pattern());
        }
        scalar.put("examples", List.of(single.about().examples()));
        return scalar;
    }

    private static Object defaultOf(Shape.Field field) {
        String text = field.about().otherwise();
        return field.shape() instanceof Shape.Whole ? (Object) Integer.valueOf(text) : text;
    }

    /** Accepts what any of the two accepts, and what alternatives within them do. */
    private static Map<String, Object> either(Map<String, Object> one, Map<String, Object> other) {
        List<Object> alternatives = new ArrayList<>();
        for (Map<String, Object> each : List.of(one, other)) {
            if (each.size() == 1 && each.get("anyOf") instanceof List<?> inner) {
                inner.stream().filter(choice -> !alternatives.contains(choice)).forEach(alternatives::add);
            } else if (!alternatives.contains(each)) {
                alternatives.add(each);
            }
        }
        return map("anyOf", alternatives);
    }

    /** Editors show descriptions as plain text. */
    private static String plain(String doc) {
        return doc.replace("`", "");
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
