/** Fuzz targets: they run their seeds with every build, and look for more when they are told to. */
@NullMarked
package io.foregate.tests.fuzz;

import org.jspecify.annotations.NullMarked;
