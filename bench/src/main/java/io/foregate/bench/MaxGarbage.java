package io.foregate.bench;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The most that one operation of a benchmark may allocate; {@link GarbageCheck} holds it to that.
 *
 * <p>Not 0: the measurement itself allocates a little, which shows as a fraction of a byte for each operation.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface MaxGarbage {
    /** Bytes per operation. */
    double bytes();
}
