/** One process takes over from another, and what the service manager has to do with it. */
@NullMarked
package io.foregate.tests.handover;

import org.jspecify.annotations.NullMarked;
