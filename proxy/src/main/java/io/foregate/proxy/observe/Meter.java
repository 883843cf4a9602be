package io.foregate.proxy.observe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts exchanges by route, pool, endpoint and client for a while, which tallies that always run can't do for names without end.
 *
 * <p>Each loop has tables of its own, which are read there, too. Of each kind a loop tells {@value #MOST} names apart; all others are
 * one.
 */
public final class Meter implements Watcher {
    /** How many names of a kind. */
    static final int MOST = 1_000;

    private static final byte[] NONE = {};
    private static final byte[] OTHERS = {'(', 'o', 't', 'h', 'e', 'r', 's', ')'};

    /** By what is counted. */
    public enum By {
        ALL,
        ROUTE,
        POOL,
        ENDPOINT,
        CLIENT
    }

    /** A name, of which the first part is what the second belongs to: site and route, pool and endpoint. */
    public static final class Name {
        private byte[] first = NONE;
        private byte[] second = NONE;
        private int hash;

        private Name() {}

        /** Sets it to that of {@code record}; false when that has none. */
        private boolean set(By by, AccessRecord record) {
            switch (by) {
                case ALL -> set(NONE, NONE);
                case ROUTE -> set(record.site, record.route);
                case POOL -> set(NONE, record.pool);
                case ENDPOINT -> set(record.pool, record.endpoint);
                case CLIENT -> set(NONE, record.clientAddress);
            }
            return by == By.ALL || second.length > 0;
        }

        private void set(byte[] of, byte[] name) {
            first = of;
            second = name;
            hash = 31 * Arrays.hashCode(of) + Arrays.hashCode(name);
        }

        // What names are written in may be used again.
        private Name kept() {
            Name copy = new Name();
            copy.set(first.clone(), second.clone());
            return copy;
        }

        public String first() {
            return new String(first, StandardCharsets.UTF_8);
        }

        public String second() {
            return new String(second, StandardCharsets.UTF_8);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Name name && Arrays.equals(second, name.second) && Arrays.equals(first, name.first);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Makes and finds names of one kind. Owned by one thread. */
    public static final class Names<T> {
        private final By by;
        private final Map<Name, T> all = new HashMap<>();
        private final Name wanted = new Name();

        public Names(By by) {
            this.by = by;
        }

        /** What is noted for the name in {@code record}; null when it has no such name. */
        public @Nullable T of(AccessRecord record, Supplier<T> first) {
            if (!wanted.set(by, record)) {
                return null;
            }
            T found = all.get(wanted);
            if (found == null && all.size() >= MOST) {
                wanted.set(NONE, OTHERS);
                found = all.get(wanted);
            }
            if (found == null) {
                found = first.get();
                all.put(wanted.kept(), found);
            }
            return found;
        }

        public Map<Name, T> all() {
            return all;
        }
    }

    private final List<List<Names<Tally>>> loops = new ArrayList<>();

    /** @param count of loops */
    public Meter(int count) {
        for (int i = 0; i < count; i++) {
            List<Names<Tally>> tables = new ArrayList<>();
            for (By by : By.values()) {
                tables.add(new Names<>(by));
            }
            loops.add(tables);
        }
    }

    @Override
    public void ended(int loop, AccessRecord record, RecordLines lines) {
        for (Names<Tally> table : loops.get(loop)) {
            Tally tally = table.of(record, Meter::tally);
            if (tally != null) {
                tally.count(0, record);
            }
        }
    }

    private static Tally tally() {
        return new Tally(1);
    }

    /** What one loop has counted, by the order of {@link By}. On that loop. */
    public List<Map<Name, Tally.Reading>> read(int loop) {
        List<Map<Name, Tally.Reading>> all = new ArrayList<>();
        for (Names<Tally> table : loops.get(loop)) {
            Map<Name, Tally.Reading> readings = new HashMap<>();
            table.all().forEach((name, tally) -> readings.put(name, tally.read()));
            all.add(readings);
        }
        return all;
    }
}
