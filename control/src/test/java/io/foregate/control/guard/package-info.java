@NullMarked
package io.foregate.control.guard;

import org.jspecify.annotations.NullMarked;
