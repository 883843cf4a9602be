/** Parts of the admin API by themselves. */
@NullMarked
package io.foregate.control.admin;

import org.jspecify.annotations.NullMarked;
