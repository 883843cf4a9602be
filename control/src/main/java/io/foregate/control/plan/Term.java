package io.foregate.control.plan;

import io.foregate.proxy.route.Condition;

/** One thing that is asked of a request beyond its host and the place of its path. Equal when the same is asked. */
public sealed interface Term {
    /** A condition of a route. */
    record Asks(Condition condition) implements Term {
        @Override
        public String toString() {
            return condition.toString();
        }
    }

    /** The path matches an expression. */
    record PathMatches(String regex) implements Term {
        @Override
        public String toString() {
            return "path ~ " + regex;
        }
    }

    /** Whether it is certain that no request meets both. */
    default boolean excludes(Term other) {
        return this instanceof Asks(Condition one) && other instanceof Asks(Condition two) && one.excludes(two);
    }

    /** Whether it is certain that each request that meets this meets {@code other}. */
    default boolean implies(Term other) {
        return equals(other)
                || (this instanceof Asks(Condition one) && other instanceof Asks(Condition two) && one.implies(two));
    }
}
