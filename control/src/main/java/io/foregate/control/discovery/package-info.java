/** Where endpoints are: from the names in the configuration to addresses, for as long as the process runs. */
@NullMarked
package io.foregate.control.discovery;

import org.jspecify.annotations.NullMarked;
