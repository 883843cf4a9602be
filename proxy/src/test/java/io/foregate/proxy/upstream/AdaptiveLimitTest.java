package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.upstream.Limits.Adaptive;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The limit finds what an origin bears, in a simulation: time is a number, and an origin is a queue with workers behind it. */
final class AdaptiveLimitTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;

    /** An origin with so many workers; a request that finds all busy waits there. */
    private static final class Simulation {
        private record Answer(long atNanos, long tookNanos) implements Comparable<Answer> {
            @Override
            public int compareTo(Answer other) {
                return Long.compare(atNanos, other.atNanos);
            }
        }

        final AdaptiveLimit limit;
        final Random random = new Random(7);
        final PriorityQueue<Answer> answers = new PriorityQueue<>();
        long[] freeAt;
        long serviceNanos;
        double slowShare;
        long now = SECOND;
        long arrival = now;
        long refused;
        long taken;
        long took;
        long slowest;

        Simulation(Adaptive settings, int workers, long serviceNanos) {
            this.limit = new AdaptiveLimit(settings, now);
            this.freeAt = new long[workers];
            this.serviceNanos = serviceNanos;
        }

        /** Requests come at random, so many in a second, for so long. */
        void run(int perSecond, long nanos) {
            refused = 0;
            taken = 0;
            took = 0;
            slowest = 0;
            long until = now + nanos;
            arrival = now;
            while (now < until) {
                arrival += (long) (-Math.log(1 - random.nextDouble()) * SECOND / perSecond);
                for (Answer due = answers.peek(); due != null && due.atNanos <= arrival; due = answers.peek()) {
                    answers.poll();
                    now = due.atNanos;
                    took += due.tookNanos;
                    slowest = Math.max(slowest, due.tookNanos);
                    limit.answered(due.tookNanos, now);
                }
                now = arrival;
                if (limit.tryBegin()) {
                    taken++;
                    serve();
                } else {
                    refused++;
                }
            }
        }

        private void serve() {
            int first = 0;
            for (int i = 1; i < freeAt.length; i++) {
                first = freeAt[i] < freeAt[first] ? i : first;
            }
            long service = serviceNanos / 2 + (long) (random.nextDouble() * serviceNanos);
            if (random.nextDouble() < slowShare) {
                service *= 20;
            }
            long done = Math.max(freeAt[first], now) + service;
            freeAt[first] = done;
            answers.add(new Answer(done, done - now));
        }

        double meanMillis() {
            return took / (double) MILLI / Math.max(taken, 1);
        }
    }

    @Test
    void underTwiceTheLoadThatAnOriginBearsItStaysBusyAndQuick() {
        // Eight workers at 10 ms: 800 requests a second, of which 1600 come.
        var simulation = new Simulation(new Adaptive(4, 1000, 2), 8, 10 * MILLI);
        simulation.run(1600, 10 * SECOND);
        simulation.run(1600, 60 * SECOND);
        assertThat(simulation.limit.limit()).isBetween(8, 60);
        assertThat(simulation.taken / 60.0).isGreaterThan(700);
        assertThat(simulation.meanMillis()).isLessThan(45);
    }

    @Test
    void aLoadThatAnOriginBearsIsNeverRefused() {
        var simulation = new Simulation(new Adaptive(4, 1000, 2), 200, 50 * MILLI);
        simulation.run(200, 10 * SECOND);
        simulation.run(2000, 60 * SECOND);
        assertThat(simulation.refused).isLessThan(simulation.taken / 1000);
    }

    @Test
    void aLimitThatHasFallenRisesOnceTheOriginIsQuickAgain() {
        var simulation = new Simulation(new Adaptive(4, 1000, 2), 8, 10 * MILLI);
        simulation.run(600, 20 * SECOND);
        simulation.serviceNanos = 100 * MILLI;
        simulation.run(600, 60 * SECOND);
        assertThat(simulation.refused).isGreaterThan(0);
        simulation.serviceNanos = 10 * MILLI;
        simulation.run(600, 20 * SECOND);
        simulation.run(600, 20 * SECOND);
        assertThat(simulation.refused).isLessThan(simulation.taken / 100);
    }

    @Test
    void anOriginThatIsSlowerForGoodIsTakenAsItIs() {
        // Three times slower, but with workers enough for all: nobody has to be refused for that.
        var simulation = new Simulation(new Adaptive(4, 1000, 2), 300, 20 * MILLI);
        simulation.run(1000, 20 * SECOND);
        simulation.serviceNanos = 60 * MILLI;
        simulation.run(1000, 120 * SECOND);
        simulation.run(1000, 60 * SECOND);
        assertThat(simulation.refused).isLessThan(simulation.taken / 20);
    }

    @Test
    void aTenthOfSlowRequestsDoesNotMoveIt() {
        var simulation = new Simulation(new Adaptive(4, 1000, 2), 200, 10 * MILLI);
        simulation.slowShare = 0.1;
        simulation.run(200, 10 * SECOND);
        simulation.run(2000, 60 * SECOND);
        assertThat(simulation.refused).isLessThan(simulation.taken / 100);
    }

    @Test
    void aFirstCrowdIsNotTakenForTheOriginsOwnSlowness() {
        var simulation = new Simulation(new Adaptive(1, 1000, 2), 2, 10 * MILLI);
        simulation.run(1000, 60 * SECOND);
        simulation.run(1000, 60 * SECOND);
        assertThat(simulation.limit.limit()).isLessThan(16);
        assertThat(simulation.taken / 60.0).isGreaterThan(170);
    }

    @Test
    void fewRequestsLeaveItAlone() {
        var simulation = new Simulation(new Adaptive(4, 1000, 2), 8, 10 * MILLI);
        simulation.slowShare = 0.3;
        simulation.run(2, 600 * SECOND);
        assertThat(simulation.refused).isZero();
        assertThat(simulation.limit.limit()).isBetween(8, 16);
    }

    @Test
    void whoeverGivesUpWaitingIsSeenAsSlow() {
        var limit = new AdaptiveLimit(new Adaptive(2, 100, 2), SECOND);
        long now = SECOND;
        for (int i = 0; i < 200; i++) {
            now += 20 * MILLI;
            assertThat(limit.tryBegin()).isTrue();
            limit.answered(10 * MILLI, now);
        }
        int before = limit.limit();
        for (int i = 0; i < 200; i++) {
            now += 20 * MILLI;
            if (limit.tryBegin()) {
                limit.ended(SECOND, now);
            }
        }
        assertThat(limit.limit()).isLessThan(before);
        assertThat(limit.unanswered()).isZero();
    }

    @Test
    void itKeepsWithinItsBounds() {
        var simulation = new Simulation(new Adaptive(6, 20, 2), 1, 50 * MILLI);
        simulation.run(1000, 60 * SECOND);
        assertThat(simulation.limit.limit()).isBetween(6, 20);
        var quick = new Simulation(new Adaptive(6, 20, 2), 1000, MILLI);
        quick.run(20_000, 20 * SECOND);
        assertThat(quick.limit.limit()).isBetween(16, 20);
    }
}
