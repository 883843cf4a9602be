package io.foregate.control.config.bind;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads shapes from record classes. A record that can't be read is a mistake in the program, not in a configuration. */
public final class Shapes {
    private static final Map<Class<?>, Shape.Struct> STRUCTS = new ConcurrentHashMap<>();

    private Shapes() {}

    /** The shape of a configuration record. */
    public static Shape.Struct of(Class<?> type) {
        Shape.Struct known = STRUCTS.get(type);
        if (known == null) {
            // Not computeIfAbsent: a record holds other records, and that map must not be changed from within.
            known = read(type);
            STRUCTS.put(type, known);
        }
        return known;
    }

    private static Shape.Struct read(Class<?> type) {
        Form form = Objects.requireNonNull(type.getAnnotation(Form.class), () -> type + " has no @Form");
        List<Shape.Member> members = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            types[i] = component.getType();
            members.add(
                    component.isAnnotationPresent(Inline.class)
                            ? new Shape.Inlined(component, of(component.getType()))
                            : field(component));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return Shape.Struct.of(type, form, constructor, members);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Shape.Field field(RecordComponent component) {
        Key about = Objects.requireNonNull(component.getAnnotation(Key.class), () -> component + " has no @Key");
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        Shape shape = shape(component.getGenericType(), about);
        return Shape.Field.of(component, kebab(component.getName()), about, shape, nullable);
    }

    private static Shape shape(Type type, Key about) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new Shape.ListOf(shape(arguments[0], about));
            }
            if (generic.getRawType() == Map.class) {
                Shape key = plain((Class<?>) arguments[0], about);
                return new Shape.MapOf(
                        about.keys().isEmpty() ? key : new Shape.Reference(key, about.keys()),
                        shape(arguments[1], about),
                        about.grows());
            }
            throw new IllegalStateException("no shape for " + type);
        }
        Shape shape = plain((Class<?>) type, about);
        return about.names().isEmpty() ? shape : new Shape.Reference(shape, about.names());
    }

    private static Shape plain(Class<?> type, Key about) {
        Scalar scalar = type.getAnnotation(Scalar.class);
        if (scalar != null) {
            return new Shape.Single(type, scalar, parser(type));
        }
        if (type == String.class) {
            return new Shape.Text();
        }
        if (type == int.class || type == Integer.class) {
            return new Shape.Whole(about.min(), about.max());
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Shape.Flag();
        }
        if (type.isEnum()) {
            Map<String, Object> constants = new LinkedHashMap<>();
            for (Object constant : type.getEnumConstants()) {
                constants.put(word(constant), constant);
            }
            return new Shape.Choice(Collections.unmodifiableMap(constants));
        }
        if (type.isRecord()) {
            return of(type);
        }
        throw new IllegalStateException("no shape for " + type);
    }

    private static Shape.Parser parser(Class<?> type) {
        Method method;
        try {
            method = type.getMethod("parse", String.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        return text -> {
            try {
                return method.invoke(null, text);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof BadValue bad) {
                    throw bad;
                }
                throw new IllegalStateException("parsing a value of " + type + " failed", e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** How an enum constant is written: {@code LEAST_REQUESTS} is {@code least-requests}. */
    public static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code firstByte} is {@code first-byte}. */
    static String kebab(String name) {
        StringBuilder kebab = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                kebab.append('-').append(Character.toLowerCase(c));
            } else {
                kebab.append(c);
            }
        }
        return kebab.toString();
    }
}
