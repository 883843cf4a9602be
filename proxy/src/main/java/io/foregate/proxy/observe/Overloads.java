package io.foregate.proxy.observe;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Counts the requests and connections that were refused because the process can't keep up, and says in the error log when that
 * begins, every ten seconds how it stands, and when it is over. One for the process, shared by all loops: thread-safe.
 */
public final class Overloads {
    /** What there is too little of. */
    public enum Cause {
        /** Time: a loop is late with what it has to do. */
        LAG,
        /** Memory for buffers. */
        MEMORY
    }

    /**
     * How it stands with one loop.
     *
     * @param lagMillis how late it is on average
     * @param refusedPercent which part of its requests is refused for that
     * @param memoryPercent how much of the memory for buffers is in use
     * @param refused how many it has refused since this was said last
     */
    public record State(int loop, Cause cause, long lagMillis, int refusedPercent, int memoryPercent, long refused) {}

    private final @Nullable FailureLog log;
    private final LongAdder lag = new LongAdder();
    private final LongAdder memory = new LongAdder();

    Overloads(@Nullable FailureLog log) {
        this.log = log;
    }

    /** A request or a connection was refused. */
    public void refused(Cause cause) {
        adder(cause).increment();
    }

    /** How many have been refused since the process started. */
    public long count(Cause cause) {
        return adder(cause).sum();
    }

    private LongAdder adder(Cause cause) {
        return switch (cause) {
            case LAG -> lag;
            case MEMORY -> memory;
        };
    }

    /** A loop begins to refuse requests, or goes on with it. */
    public void say(State state) {
        String refused = state.refused() == 0 ? "" : "; " + state.refused() + " were within the last 10 s";
        say(
                switch (state.cause()) {
                    case LAG ->
                        "overload: loop " + state.loop() + " is late by " + state.lagMillis()
                                + " ms on average; at present " + state.refusedPercent()
                                + " % of its requests are answered with 503" + refused;
                    case MEMORY ->
                        "overload: " + state.memoryPercent() + " % of the memory for buffers is in use; loop "
                                + state.loop() + " answers requests with 503, those with large bodies first" + refused;
                });
    }

    /** A loop refuses nothing any more. */
    public void sayOver(int loop, long refused) {
        say("overload: loop " + loop + " keeps up again"
                + (refused == 0 ? "" : "; " + refused + " requests were refused"));
    }

    // Not written here: a log that blocks is the last thing that an overloaded loop needs.
    private void say(String line) {
        FailureLog to = log;
        if (to != null && to.says(Level.WARN)) {
            to.say(Level.WARN, line);
        }
    }
}
