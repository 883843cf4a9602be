/** What an operator relies on: logs, rotation, a graceful end, a small heap. */
@NullMarked
package io.foregate.tests.ops;

import org.jspecify.annotations.NullMarked;
