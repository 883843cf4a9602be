package io.foregate.control.config.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a configuration record: what it stands for, and the short form that grows into it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Form {
    /** What the record stands for, in a sentence or two. */
    String value();

    /** A value that isn't a mapping grows into a mapping with this one key; empty if there is no short form. */
    String grows() default "";
}
