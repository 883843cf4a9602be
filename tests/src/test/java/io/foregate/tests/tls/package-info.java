/** TLS towards clients, asked with OpenSSL's and curl's own clients. */
@NullMarked
package io.foregate.tests.tls;

import org.jspecify.annotations.NullMarked;
