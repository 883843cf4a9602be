/** Splits, mirrors and injected faults, over real sockets. */
@NullMarked
package io.foregate.tests.traffic;

import org.jspecify.annotations.NullMarked;
