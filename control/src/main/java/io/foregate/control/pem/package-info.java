/** Certificates and private keys as files have them: PEM, DER, and whether a key is that of a certificate. Blocking. */
@NullMarked
package io.foregate.control.pem;

import org.jspecify.annotations.NullMarked;
