/** The admin API: how a process that runs is looked at and changed from outside. */
@NullMarked
package io.foregate.control.admin;

import org.jspecify.annotations.NullMarked;
