/** Rollouts: a share of a pool's requests goes to another pool, step by step, under a guard. */
@NullMarked
package io.foregate.control.rollout;

import org.jspecify.annotations.NullMarked;
