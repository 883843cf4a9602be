/** Static files. */
@NullMarked
package io.foregate.proxy.files;

import org.jspecify.annotations.NullMarked;
