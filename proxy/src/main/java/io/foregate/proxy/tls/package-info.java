/** TLS towards clients: which certificate answers which name, under which rules, and how many handshakes at once. */
@NullMarked
package io.foregate.proxy.tls;

import org.jspecify.annotations.NullMarked;
