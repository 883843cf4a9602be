package io.foregate.proxy.balance;

import java.util.ArrayList;
import java.util.List;

/** A member that fares as a test says. */
final class Someone implements Member {
    private final String name;
    final PeakLatency latency = new PeakLatency();
    int inFlight;
    int picked;
    boolean up = true;

    Someone(String name) {
        this.name = name;
    }

    static List<Someone> people(int count) {
        List<Someone> people = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            people.add(new Someone("10.0.0." + i + ":8080"));
        }
        return people;
    }

    static List<Share> shares(List<Someone> people) {
        return people.stream().map(one -> new Share(one, 1)).toList();
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
        return up;
    }

    @Override
    public boolean available(long nowNanos) {
        return up;
    }

    @Override
    public boolean availableInPanic(long nowNanos) {
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
