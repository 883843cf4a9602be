package io.foregate.control.health;

import io.foregate.proxy.upstream.PassiveRules;
import org.jspecify.annotations.Nullable;

/**
 * How it is found out how the endpoints of a pool fare. Immutable; two that are equal ask for the same.
 *
 * @param checks that are made of them; null for none
 * @param passive by what requests are judged; null for not at all
 */
public record PoolHealth(
        @Nullable CheckPlan checks, @Nullable PassiveRules passive) {
    /** Nobody looks. */
    public static final PoolHealth NONE = new PoolHealth(null, null);
}
