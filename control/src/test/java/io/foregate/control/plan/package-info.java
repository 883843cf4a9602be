@NullMarked
package io.foregate.control.plan;

import org.jspecify.annotations.NullMarked;
