package io.foregate.control.config.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A value that is written as one scalar. The annotated class has a {@code public static T parse(String)} that throws
 * {@link BadValue} and returns the class itself.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Scalar {
    /** What to call such a value in a message, with its article: {@code "a duration"}. */
    String value();

    /** A regular expression (ECMA 262) for the JSON Schema; it may accept more than the parser does, never less. */
    String pattern() default "";

    /** Values as one would write them, for messages, editors and the reference page. */
    String[] examples();

    /** How it is written, in a sentence or two, for the reference page. */
    String doc();
}
