package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;

/** Whether the number of requests that a server may have to answer at a time is found by itself. */
@Form(
        value =
                "Whether the number of requests that each server may have to answer at a time is found from how long its answers"
                        + " take. What is beyond goes to another server, and when there is none the answer is 503.",
        grows = "mode")
public record Concurrency(
        @Key(
                value =
                        "`adaptive`: as many as it answers in not much more time than when it has little to do; `off`: any number.",
                otherwise = "adaptive")
        Mode mode,

        @Key(value = "The least number.", otherwise = "4", min = 1, max = 1_000_000)
        int min,

        @Key(value = "The greatest number.", otherwise = "1000", min = 1, max = 1_000_000)
        int max,

        @Key(
                value = "How many times as long as with little to do half of the answers may take.",
                otherwise = "2",
                min = 2,
                max = 20)
        int tolerance) {
    /** When nothing is said. */
    public static final Concurrency OFF = new Concurrency(Mode.OFF, 4, 1000, 2);

    /** Who decides. */
    public enum Mode {
        ADAPTIVE,
        OFF
    }

    @Override
    public String toString() {
        return mode == Mode.OFF ? "off" : "adaptive, " + min + " to " + max + ", tolerance " + tolerance;
    }
}
