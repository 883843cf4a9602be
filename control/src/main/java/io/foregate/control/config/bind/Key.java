package io.foregate.control.config.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of a configuration record. The key's name is the component's name in kebab case. A component of type
 * {@code @Nullable} may be left out; so may lists, maps (empty then) and records of which nothing is required.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** What the key does, in one or two sentences, for the reference page and for editors. */
    String value();

    /** The top-level key whose entries this value names, such as {@code pools}; empty if it names nothing. */
    String names() default "";

    /** For a map: the top-level key whose entries its keys name; empty if they name nothing. */
    String keys() default "";

    /** The value, as one would write it, that applies when the key is left out; empty if there is none. */
    String otherwise() default "";

    /** For a map: a value that isn't a mapping grows into a mapping with this one key. */
    String grows() default "";

    /** The least number that is accepted. */
    long min() default 0;

    /** The greatest number that is accepted. */
    long max() default Integer.MAX_VALUE;
}
