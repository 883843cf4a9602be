/** HTTP/2 towards clients: frame by frame, with clients that others wrote, and under attack. */
@NullMarked
package io.foregate.tests.http2;

import org.jspecify.annotations.NullMarked;
