package io.foregate.control.config.bind;

import io.foregate.control.config.bind.Shape.Struct;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes records of bound values, and fills in what was left out. */
final class Records {
    /** {@code given} holds values by field, for the fields of inlined records too. */
    Object make(Struct struct, Map<Shape.Field, Object> given) {
        Object[] arguments = new @Nullable Object[struct.members().size()];
        int i = 0;
        for (Shape.Member member : struct.members()) {
            arguments[i++] = switch (member) {
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
            return otherwise(field.shape(), field.about().otherwise());
        }
        if (field.nullable()) {
            return null;
        }
        return switch (field.shape()) {
            case Shape.ListOf list -> List.of();
            case Shape.MapOf map -> Map.of();
            case Struct struct -> struct.needsNothing() ? make(struct, Map.of()) : null;
            // A hole: the key is required and the problem is known. A primitive can't be a hole.
            case Shape.Whole number -> field.component().getType().isPrimitive() ? (Object) (int) number.min() : null;
            case Shape.Flag flag -> field.component().getType().isPrimitive() ? Boolean.FALSE : null;
            case Shape.Single single -> null;
            case Shape.Text text -> null;
            case Shape.Choice choice -> null;
            case Shape.Reference reference -> null;
        };
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
