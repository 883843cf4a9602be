/** What a plan says of requests that have really come. */
@NullMarked
package io.foregate.tests.plan;

import org.jspecify.annotations.NullMarked;
