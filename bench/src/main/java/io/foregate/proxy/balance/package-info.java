/** What choosing a member costs. */
@NullMarked
package io.foregate.proxy.balance;

import org.jspecify.annotations.NullMarked;
