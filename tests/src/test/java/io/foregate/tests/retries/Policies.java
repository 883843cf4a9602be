package io.foregate.tests.retries;

import io.foregate.proxy.route.RetryPolicy;
import java.time.Duration;
import java.util.BitSet;

/** Retry policies, each a copy of another with one thing changed. */
final class Policies {
    private Policies() {}

    /** Two retries, also after these statuses. */
    static RetryPolicy on(int... statuses) {
        BitSet set = new BitSet();
        for (int status : statuses) {
            set.set(status);
        }
        RetryPolicy base = RetryPolicy.of(3);
        RetryPolicy.On on = new RetryPolicy.On(true, true, true, set, new BitSet());
        return new RetryPolicy(
                3, on, false, base.tryNanos(), base.bodyBytes(), base.backoff(), base.budget(), base.hedge());
    }

    static RetryPolicy tries(RetryPolicy of, int tries) {
        return new RetryPolicy(
                tries, of.on(), of.anyMethod(), of.tryNanos(), of.bodyBytes(), of.backoff(), of.budget(), of.hedge());
    }

    static RetryPolicy anyMethod(RetryPolicy of) {
        return new RetryPolicy(
                of.tries(), of.on(), true, of.tryNanos(), of.bodyBytes(), of.backoff(), of.budget(), of.hedge());
    }

    static RetryPolicy tryTimeout(RetryPolicy of, Duration limit) {
        return new RetryPolicy(
                of.tries(),
                of.on(),
                of.anyMethod(),
                limit.toNanos(),
                of.bodyBytes(),
                of.backoff(),
                of.budget(),
                of.hedge());
    }

    static RetryPolicy buffer(RetryPolicy of, int bytes) {
        return new RetryPolicy(
                of.tries(), of.on(), of.anyMethod(), of.tryNanos(), bytes, of.backoff(), of.budget(), of.hedge());
    }

    static RetryPolicy budget(RetryPolicy of, int percent, int leastPerSecond) {
        return new RetryPolicy(
                of.tries(),
                of.on(),
                of.anyMethod(),
                of.tryNanos(),
                of.bodyBytes(),
                of.backoff(),
                new RetryPolicy.Budget(percent, leastPerSecond),
                of.hedge());
    }

    static RetryPolicy hedge(RetryPolicy of, RetryPolicy.Hedge hedge) {
        return new RetryPolicy(
                of.tries(), of.on(), of.anyMethod(), of.tryNanos(), of.bodyBytes(), of.backoff(), of.budget(), hedge);
    }
}
