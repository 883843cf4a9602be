package io.foregate.proxy.route;

/** What a condition asks of a value. Immutable, equal when the same is asked. */
public sealed interface ValueTest {
    /** It is there and equals this, byte by byte. */
    record Is(Literal value) implements ValueTest {
        @Override
        public String toString() {
            return "= " + value;
        }
    }

    /** It is there, maybe empty. */
    record Present() implements ValueTest {
        @Override
        public String toString() {
            return "is present";
        }
    }

    /** It is not there. */
    record Absent() implements ValueTest {
        @Override
        public String toString() {
            return "is absent";
        }
    }

    /** It is there and the expression is found in it. Makes garbage when tested. */
    record Matches(Regex regex) implements ValueTest {
        @Override
        public String toString() {
            return "~ " + regex;
        }
    }

    static ValueTest is(String value) {
        return new Is(Literal.of(value));
    }

    static ValueTest present() {
        return new Present();
    }

    static ValueTest absent() {
        return new Absent();
    }

    /** Throws IllegalArgumentException when {@code regex} is none. */
    static ValueTest matches(String regex) {
        return new Matches(Regex.of(regex));
    }

    /** Whether it is certain that no value passes both. */
    default boolean excludes(ValueTest other) {
        return switch (this) {
            case Absent _ -> !(other instanceof Absent);
            case Present _ -> other instanceof Absent;
            case Is(Literal value) ->
                switch (other) {
                    case Absent _ -> true;
                    case Present _ -> false;
                    case Is(Literal otherValue) -> !value.equals(otherValue);
                    case Matches(Regex regex) -> !regex.findIn(value);
                };
            case Matches _ -> !(other instanceof Matches) && other.excludes(this);
        };
    }

    /** Whether it is certain that each value that passes this passes {@code other}. */
    default boolean implies(ValueTest other) {
        if (equals(other)) {
            return true;
        }
        return switch (this) {
            case Absent _, Present _ -> false;
            case Matches _ -> other instanceof Present;
            case Is(Literal value) ->
                other instanceof Present || (other instanceof Matches(Regex regex) && regex.findIn(value));
        };
    }
}
