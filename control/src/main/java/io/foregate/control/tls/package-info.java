/** Certificates and keys in files, and what is made of them. */
@NullMarked
package io.foregate.control.tls;

import org.jspecify.annotations.NullMarked;
