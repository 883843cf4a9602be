/** What the code base promises about its own shape, kept by machines. */
@NullMarked
package io.foregate.tests.architecture;

import org.jspecify.annotations.NullMarked;
