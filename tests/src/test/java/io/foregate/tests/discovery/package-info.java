/** Servers that are found while the proxy runs: in DNS, in files, by extensions; and those that somebody drains. */
@NullMarked
package io.foregate.tests.discovery;

import org.jspecify.annotations.NullMarked;
