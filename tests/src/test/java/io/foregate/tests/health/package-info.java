/** Health of origins: checks, and what requests show. */
@NullMarked
package io.foregate.tests.health;

import org.jspecify.annotations.NullMarked;
