/** Changes of the configuration of a proxy that runs. */
@NullMarked
package io.foregate.tests.reload;

import org.jspecify.annotations.NullMarked;
