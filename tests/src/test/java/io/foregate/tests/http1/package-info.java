/** HTTP/1.1 as scripts over real sockets: what the client sends, what the origin gets, what each is answered. */
@NullMarked
package io.foregate.tests.http1;

import org.jspecify.annotations.NullMarked;
