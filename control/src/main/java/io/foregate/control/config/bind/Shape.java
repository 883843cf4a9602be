package io.foregate.control.config.bind;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value may look like. Made once from a record class by {@link Shapes}; the binder, the JSON Schema and the
 * reference page all read it, which is why they can't disagree.
 */
public sealed interface Shape {
    /** What to call such a value in a message, with its article. */
    String noun();

    /** One scalar that a parser turns into a value. */
    record Single(Class<?> type, Scalar about, Parser parser) implements Shape {
        @Override
        public String noun() {
            return about.value();
        }
    }

    /** Any text. */
    record Text() implements Shape {
        @Override
        public String noun() {
            return "a text";
        }
    }

    /** A whole number within bounds, both of them allowed. */
    record Whole(long min, long max) implements Shape {
        @Override
        public String noun() {
            return "a whole number";
        }
    }

    /** {@code true} or {@code false}. */
    record Flag() implements Shape {
        @Override
        public String noun() {
            return "true or false";
        }
    }

    /** One of a few words. */
    record Choice(Map<String, Object> constants) implements Shape {
        @Override
        public String noun() {
            return "one of " + String.join(", ", constants.keySet());
        }
    }

    /** A name that must be a key of the top-level mapping {@code of}. */
    record Reference(Shape name, String of) implements Shape {
        @Override
        public String noun() {
            return name.noun();
        }
    }

    /** A list; a single element grows into a list of one. */
    record ListOf(Shape element) implements Shape {
        @Override
        public String noun() {
            return "a list";
        }
    }

    /** A mapping with keys that the user chooses; {@code grows} is the key under which another value is put, or empty. */
    record MapOf(Shape key, Shape value, String grows) implements Shape {
        @Override
        public String noun() {
            return "a mapping";
        }
    }

    /**
     * A record. {@code members} are its components in order; {@code fields} all keys, those of inlined records too.
     *
     * @param needsNothing whether it can be made from nothing at all
     */
    record Struct(
            Class<?> type,
            Form about,
            Constructor<?> constructor,
            List<Member> members,
            Map<String, Field> fields,
            boolean needsNothing)
            implements Shape {
        @Override
        public String noun() {
            return "a mapping";
        }

        static Struct of(Class<?> type, Form about, Constructor<?> constructor, List<Member> members) {
            Map<String, Field> fields = new LinkedHashMap<>();
            for (Member member : members) {
                switch (member) {
                    case Field field -> put(fields, field, type);
                    case Inlined inlined -> inlined.struct.fields.values().forEach(field -> put(fields, field, type));
                }
            }
            boolean needsNothing = fields.values().stream().noneMatch(Field::isRequired);
            return new Struct(type, about, constructor, List.copyOf(members), fields, needsNothing);
        }

        private static void put(Map<String, Field> fields, Field field, Class<?> type) {
            if (fields.put(field.key, field) != null) {
                throw new IllegalStateException(type + " has the key " + field.key + " twice");
            }
        }

        /**
         * The key under which a mapping is put whose keys are the user's own, because the short form is a mapping of scalars. It is
         * told from the long form by its values, which are scalars alone.
         */
        public @Nullable Field growsFromMapping() {
            Field field = fields.get(about.grows());
            boolean scalars = field != null
                    && field.shape instanceof MapOf map
                    && !(map.value instanceof Struct || map.value instanceof ListOf || map.value instanceof MapOf);
            return scalars ? field : null;
        }
    }

    /** A component of a record. */
    sealed interface Member {
        RecordComponent component();
    }

    /**
     * A component that is a key.
     *
     * @param isRequired whether the user has to write it
     */
    record Field(RecordComponent component, String key, Key about, Shape shape, boolean nullable, boolean isRequired)
            implements Member {
        static Field of(RecordComponent component, String key, Key about, Shape shape, boolean nullable) {
            return new Field(component, key, about, shape, nullable, isRequired(about, shape, nullable));
        }

        private static boolean isRequired(Key about, Shape shape, boolean nullable) {
            if (nullable || !about.otherwise().isEmpty()) {
                return false;
            }
            return switch (shape) {
                case ListOf list -> false;
                case MapOf map -> false;
                case Struct struct -> !struct.needsNothing();
                case Single single -> true;
                case Text text -> true;
                case Whole number -> true;
                case Flag flag -> true;
                case Choice choice -> true;
                case Reference reference -> true;
            };
        }

        // There is one for each component; to compare what it holds would be to walk through all shapes below it.
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A component whose keys are written among those of its holder. */
    record Inlined(RecordComponent component, Struct struct) implements Member {}

    /** Makes a value of a text. */
    interface Parser {
        @Nullable
        Object parse(String text) throws BadValue;
    }
}
