package io.foregate.proxy.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Divides the requests of a pool among its priorities, and within each between this process's own zone and the others. Cold side;
 * one use.
 *
 * <p>A priority can carry its part as long as enough of it is up: with a headroom of 40 %, as long as 1/1.4 of its weight, 71 %, is.
 * What it can't carry goes to the next. Where all of them together can't carry it, each takes as much as its health allows, and
 * those of which less than the panic threshold is up ask all their members. Backups get requests only when nobody else is up.
 */
final class Levels {
    /** Of a set, the members that are asked together, in the order in which they are preferred. */
    record Part(List<Share> shares, double load, boolean panic) {}

    private record Level(boolean backup, List<Share> all, long weight, long up) {
        static Level of(int priority, List<Share> shares) {
            long weight = 0;
            long up = 0;
            for (Share share : shares) {
                weight += share.weight();
                up += share.standing() == Standing.UP ? share.weight() : 0;
            }
            return new Level(priority == Share.BACKUP, shares, weight, up);
        }

        double health() {
            return weight == 0 ? 0 : (double) up / weight;
        }
    }

    private final Balancing balancing;
    private final List<Part> parts = new ArrayList<>();

    private Levels(Balancing balancing) {
        this.balancing = balancing;
    }

    /** The loads add up to 1, or to 0 where nobody may be asked. */
    static List<Part> divide(List<Share> shares, Balancing balancing) {
        Map<Integer, List<Share>> byPriority = new TreeMap<>();
        for (Share share : shares) {
            byPriority
                    .computeIfAbsent(share.priority(), priority -> new ArrayList<>())
                    .add(share);
        }
        List<Level> levels = new ArrayList<>();
        byPriority.forEach((priority, members) -> levels.add(Level.of(priority, members)));
        Levels division = new Levels(balancing);
        division.divide(levels);
        return division.parts;
    }

    private void divide(List<Level> levels) {
        double sum = 0;
        boolean backups = false;
        for (Level level : levels) {
            sum += level.backup ? 0 : carries(level.up, level.weight);
            backups |= level.backup && level.up > 0;
        }
        boolean backedUp = sum == 0 && backups;
        double left = 1;
        for (Level level : levels) {
            boolean panic = sum < 1 && !backedUp && level.health() < balancing.panicPercent() / 100.0;
            double load;
            if (sum == 0) {
                // Nobody is up but maybe backups; the first who may be asked at all is asked.
                load = backedUp ? (level.backup && level.up > 0 ? left : 0) : panic && serves(level) ? left : 0;
            } else if (level.backup) {
                load = 0;
            } else {
                load = sum < 1
                        ? carries(level.up, level.weight) / sum
                        : Math.min(left, carries(level.up, level.weight));
            }
            left -= load;
            zones(level, load, panic);
        }
    }

    private void zones(Level level, double load, boolean panic) {
        List<Share> near = new ArrayList<>();
        List<Share> far = new ArrayList<>();
        long nearWeight = 0;
        long nearUp = 0;
        for (Share share : level.all) {
            boolean own = !balancing.zone().isEmpty() && share.zone().equals(balancing.zone());
            boolean asked = share.serves() && (panic || share.standing() == Standing.UP);
            if (asked) {
                (own ? near : far).add(share);
            }
            nearWeight += own ? share.weight() : 0;
            nearUp += own && asked ? share.weight() : 0;
        }
        double nearLoad = far.isEmpty() ? load : load * carries(nearUp, nearWeight);
        add(near, nearLoad, panic);
        add(far, load - nearLoad, panic);
    }

    private void add(List<Share> shares, double load, boolean panic) {
        if (!shares.isEmpty()) {
            parts.add(new Part(List.copyOf(shares), load, panic));
        }
    }

    private static boolean serves(Level level) {
        for (Share share : level.all) {
            if (share.serves()) {
                return true;
            }
        }
        return false;
    }

    // The part of all requests that those who are up can carry.
    private double carries(long up, long of) {
        return of == 0 ? 0 : Math.min(1, (1 + balancing.headroomPercent() / 100.0) * up / of);
    }
}
