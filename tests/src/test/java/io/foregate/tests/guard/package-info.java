/** Configurations that are tried beside the one in force. */
@NullMarked
package io.foregate.tests.guard;

import org.jspecify.annotations.NullMarked;
