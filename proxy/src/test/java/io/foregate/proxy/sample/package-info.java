@NullMarked
package io.foregate.proxy.sample;

import org.jspecify.annotations.NullMarked;
