/** The admin API, called by curl. */
@NullMarked
package io.foregate.tests.admin;

import org.jspecify.annotations.NullMarked;
