package io.foregate.proxy.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What requests show of one endpoint: failures in a row, and their share of late. Counting is part of every request, so it is a few
 * reads and writes of memory that no other loop writes, as long as nothing fails. Thread-safe.
 */
final class PassiveWatch {
    /** What a sample means. */
    enum Outcome {
        FINE,
        FAILED,
        /** There have been too many failures. */
        TOO_MANY
    }

    private static final long JUDGEMENT_NANOS = 50_000_000L;

    private final PassiveGroup group;
    private final PassiveRules rules;
    private final Samples samples;
    private final AtomicInteger inARow = new AtomicInteger();
    private volatile long judgedNanos = System.nanoTime() - JUDGEMENT_NANOS;

    PassiveWatch(PassiveGroup group, int loops) {
        this.group = group;
        this.rules = group.rules();
        this.samples = new Samples(loops, rules.window().nanos());
    }

    PassiveGroup group() {
        return group;
    }

    /** An answer with that status came. On that loop. */
    Outcome answered(int loop, int status, long nowNanos) {
        if (!rules.isFailure(status)) {
            samples.add(loop, nowNanos, false);
            if (inARow.get() != 0) {
                inARow.set(0);
            }
            return Outcome.FINE;
        }
        Outcome outcome = failed(loop, nowNanos);
        return outcome == Outcome.TOO_MANY && group.othersFailToo(this, nowNanos) ? Outcome.FAILED : outcome;
    }

    /** No answer came, and that was the endpoint's fault. On that loop. */
    Outcome failed(int loop, long nowNanos) {
        samples.add(loop, nowNanos, true);
        int row = inARow.incrementAndGet();
        boolean tooManyInARow = rules.consecutive() > 0 && row >= rules.consecutive();
        // Adding up takes a while, and under load a failure comes with every request.
        if (nowNanos - judgedNanos < JUDGEMENT_NANOS && row != rules.consecutive()) {
            return Outcome.FAILED;
        }
        judgedNanos = nowNanos;
        return tooManyInARow || tooManyOfLate(nowNanos) ? Outcome.TOO_MANY : Outcome.FAILED;
    }

    private boolean tooManyOfLate(long nowNanos) {
        long sum = samples.sum(nowNanos);
        long requests = Samples.requests(sum);
        return rules.ratePercent() > 0
                && requests >= rules.window().minRequests()
                && Samples.failures(sum) * 100 >= requests * rules.ratePercent();
    }

    /** Why it is ejected, for people. */
    String reason(String last, long nowNanos) {
        int row = inARow.get();
        if (rules.consecutive() > 0 && row >= rules.consecutive()) {
            return row + " failures in a row, the last: " + last;
        }
        long sum = samples.sum(nowNanos);
        return Samples.failures(sum) + " failures in " + Samples.requests(sum) + " requests, the last: " + last;
    }

    long sum(long nowNanos) {
        return samples.sum(nowNanos);
    }

    /** What was before says nothing about what comes. */
    void beginAnew() {
        inARow.set(0);
        samples.clear();
    }
}
