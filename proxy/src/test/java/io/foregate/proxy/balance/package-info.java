/** Tests of choosing, over members that are no endpoints. */
@NullMarked
package io.foregate.proxy.balance;

import org.jspecify.annotations.NullMarked;
