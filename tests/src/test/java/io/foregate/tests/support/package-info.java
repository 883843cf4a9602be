/** What the scenario tests share: raw HTTP/1.1 over sockets, scripted origins, a proxy in this process or as one of its own. */
@NullMarked
package io.foregate.tests.support;

import org.jspecify.annotations.NullMarked;
