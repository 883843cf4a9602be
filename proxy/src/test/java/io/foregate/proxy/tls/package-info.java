@NullMarked
package io.foregate.proxy.tls;

import org.jspecify.annotations.NullMarked;
