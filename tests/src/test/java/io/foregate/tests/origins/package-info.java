/** TLS, HTTP/2 and the PROXY protocol towards origins that others wrote. */
@NullMarked
package io.foregate.tests.origins;

import org.jspecify.annotations.NullMarked;
