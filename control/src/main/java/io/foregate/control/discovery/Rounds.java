package io.foregate.control.discovery;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing again and again on a virtual thread of its own, each time after as long as it said itself. */
final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Duration AFTER_A_BUG = Duration.ofSeconds(5);

    /** What is done, and in how long again. */
    @FunctionalInterface
    interface Round {
        Duration go() throws InterruptedException;
    }

    private final Round round;
    private final Thread thread;

    private Rounds(String name, Round round) {
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Begins at once. */
    static Rounds start(String name, Round round) {
        Rounds rounds = new Rounds(name, round);
        rounds.thread.start();
        return rounds;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(one());
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private Duration one() throws InterruptedException {
        try {
            return round.go();
        } catch (RuntimeException e) {
            LOG.error("{} failed", thread.getName(), e);
            return AFTER_A_BUG;
        }
    }

    /** No more rounds; one that is under way is interrupted. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
