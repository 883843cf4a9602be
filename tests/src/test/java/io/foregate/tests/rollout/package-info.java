/** Rollouts over real sockets: shares, guards, and what ends them. */
@NullMarked
package io.foregate.tests.rollout;

import org.jspecify.annotations.NullMarked;
