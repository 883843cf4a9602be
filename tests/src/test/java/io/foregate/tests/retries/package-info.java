/** What is sent again, and what isn't: retries on status and loss, time limits of attempts, budgets, hedging. */
@NullMarked
package io.foregate.tests.retries;

import org.jspecify.annotations.NullMarked;
