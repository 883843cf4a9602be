/** Certificates of sites. */
@NullMarked
package io.foregate.control.certificates;

import org.jspecify.annotations.NullMarked;
