/** Three small origins to look around with. */
@NullMarked
package io.foregate.app.demo;

import org.jspecify.annotations.NullMarked;
