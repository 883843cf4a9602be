/** Pools, retries and timeouts, as clients and origins see them. */
@NullMarked
package io.foregate.tests.pools;

import org.jspecify.annotations.NullMarked;
