package io.foregate.control.config.bind;

import io.foregate.control.config.bind.Shape.Struct;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of bound values, and fills in what was left out. Records of which nothing was said are most of a large
 * configuration, and all alike: each of them is made once for the process, and shared. So are values by default.
 */
final class Records {
    private static final Map<Class<?>, Object> UNSAID = new ConcurrentHashMap<>();
    private static final Map<Shape.Field, Object> BY_DEFAULT = new ConcurrentHashMap<>();

    /** {@code given} holds values by field, for the fields of inlined records too. */
    Object make(Struct struct, Map<Shape.Field, Object> given) {
        return says(given, struct) ? made(struct, given) : unsaid(struct);
    }

    private static boolean says(Map<Shape.Field, Object> given, Struct struct) {
        if (!given.isEmpty()) {
            for (Shape.Field field : struct.fields().values()) {
                if (given.containsKey(field)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The record that is made when nothing is said of it. */
    Object unsaid(Struct struct) {
        Object known = UNSAID.get(struct.type());
        if (known == null) {
            // Not computeIfAbsent: records hold others.
            known = made(struct, Map.of());
            Object other = UNSAID.putIfAbsent(struct.type(), known);
            known = other == null ? known : other;
        }
        return known;
    }

    private Object made(Struct struct, Map<Shape.Field, Object> given) {
        Object[] arguments = new @Nullable Object[struct.members().size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = switch (struct.members().get(i)) {
                case Shape.Inlined inlined -> make(inlined.struct(), given);
                case Shape.Field field -> {
                    Object value = given.get(field);
                    yield value == null ? absent(field) : value;
                }
            };
        }
        try {
            return struct.constructor().newInstance(arguments);
        } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("can't make " + struct.type(), e);
        }
    }

    /** What a key that was left out, or that was wrong, stands for. */
    private @Nullable Object absent(Shape.Field field) {
        if (!field.about().otherwise().isEmpty()) {
            return byDefault(field);
        }
        if (field.nullable()) {
            return null;
        }
        return switch (field.shape()) {
            case Shape.ListOf list -> List.of();
            case Shape.MapOf map -> Map.of();
            case Struct struct -> struct.needsNothing() ? unsaid(struct) : null;
            // A hole: the key is required and the problem is known. A primitive can't be a hole.
            case Shape.Whole number -> field.component().getType().isPrimitive() ? (Object) (int) number.min() : null;
            case Shape.Flag flag -> field.component().getType().isPrimitive() ? Boolean.FALSE : null;
            case Shape.Single single -> null;
            case Shape.Text text -> null;
            case Shape.Choice choice -> null;
            case Shape.Reference reference -> null;
        };
    }

    private @Nullable Object byDefault(Shape.Field field) {
        Object known = BY_DEFAULT.get(field);
        if (known == null) {
            known = otherwise(field.shape(), field.about().otherwise());
            if (known != null) {
                BY_DEFAULT.put(field, known);
            }
        }
        return known;
    }

    private @Nullable Object otherwise(Shape shape, String text) {
        try {
            return switch (shape) {
                case Struct struct -> {
                    Shape.Field field = struct.fields().get(struct.about().grows());
                    if (field == null) {
                        throw new IllegalStateException(struct.type() + " has no short form for " + text);
                    }
                    Object value = otherwise(field.shape(), text);
                    yield make(struct, value == null ? Map.of() : Map.of(field, value));
                }
                case Shape.ListOf list -> List.of(Scalars.parse(list.element(), text, true));
                case Shape.MapOf map -> throw new IllegalStateException("a mapping has no text form");
                case Shape.Single single -> Scalars.parse(shape, text, true);
                case Shape.Text string -> Scalars.parse(shape, text, true);
                case Shape.Whole number -> Scalars.parse(shape, text, true);
                case Shape.Flag flag -> Scalars.parse(shape, text, true);
                case Shape.Choice choice -> Scalars.parse(shape, text, true);
                case Shape.Reference reference -> Scalars.parse(shape, text, true);
            };
        } catch (BadValue bad) {
            throw new IllegalStateException("the default " + text + " is no value: " + bad.what(), bad);
        }
    }
}
