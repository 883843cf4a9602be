/** Certificates on the cold side: reading, making, watching and stapling them. */
@NullMarked
package io.foregate.control.certificates;

import org.jspecify.annotations.NullMarked;
