package io.foregate.proxy.balance.simulation;

import io.foregate.proxy.balance.Member;
import io.foregate.proxy.balance.PeakLatency;
import java.util.ArrayDeque;

/** A server with a few workers and a line in front of them. Time is simulated, in nanoseconds. */
final class Server implements Member {
    /**
     * What is known of a server beforehand.
     *
     * @param weight as configured
     * @param workers how many requests it answers at a time
     * @param from when it joins, as a part of the run
     * @param slowness how much longer than usual its answers take at a time
     * @param farNanos how long its answers take to come, without keeping it from work
     */
    record Plan(int weight, int workers, double from, Slowness slowness, long farNanos) {
        static Plan usual() {
            return new Plan(1, 8, 0, (part, ageNanos) -> 1, 0);
        }

        Plan slow(Slowness other) {
            return new Plan(weight, workers, from, other, 0);
        }

        Plan far(long nanos) {
            return new Plan(weight, workers, from, slowness, nanos);
        }
    }

    /** How much longer answers take. */
    interface Slowness {
        /**
         * @param part of the run that is over
         * @param ageNanos since the server joined
         */
        double at(double part, long ageNanos);
    }

    /** One request: when it came, and how long it takes by itself. */
    record Request(long atNanos, double work) {}

    final Plan plan;
    final PeakLatency latency = new PeakLatency();
    final ArrayDeque<Request> line = new ArrayDeque<>();
    private final String name;
    int busy;
    int inFlight;
    long served;

    Server(int number, Plan plan) {
        this.name = "10.0." + number / 250 + "." + (1 + number % 250) + ":8080";
        this.plan = plan;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public long peakLatencyNanos(long nowNanos) {
        return latency.nanos(nowNanos);
    }

    @Override
    public boolean usable(long nowNanos) {
        return true;
    }

    @Override
    public boolean available(long nowNanos) {
        return true;
    }

    @Override
    public boolean availableInPanic(long nowNanos) {
        return true;
    }
}
