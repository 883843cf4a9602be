package io.foregate.control.watch;

import io.foregate.control.run.Foregate;
import io.foregate.proxy.exchange.UnderWay;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.Meter;
import io.foregate.proxy.observe.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who is asked how much, measured for a while: by route, pool, endpoint and client. Blocks. Stateless. */
public final class Top {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private Top() {}

    /**
     * One name.
     *
     * @param of what it belongs to: the site of a route, the pool of an endpoint; may be empty
     * @param ended what has come of its requests in that time
     * @param inFlight how many are under way at its end
     */
    public record Row(String of, String name, Tally.Reading ended, int inFlight) {}

    /** What was seen. @param seconds for how long */
    public record Seen(double seconds, Map<Meter.By, List<Row>> rows) {}

    /** Looks for that long; null when as many look as may. The busiest come first. */
    public static @Nullable Seen look(Foregate foregate, Duration time) throws InterruptedException {
        int loops = foregate.plane().loops();
        Meter meter = new Meter(loops);
        if (!foregate.watch().attach(meter)) {
            return null;
        }
        long began = System.nanoTime();
        double seconds;
        try {
            Thread.sleep(time);
        } finally {
            foregate.watch().detach(meter);
            seconds = (System.nanoTime() - began) / 1e9;
        }
        List<List<Map<Meter.Name, Tally.Reading>>> parts =
                foregate.plane().ask(worker -> meter.read(worker.loop().index()), PATIENCE_NANOS);
        List<Counting> counts = foregate.plane().inFlight().each(Counting::new);
        Map<Meter.By, List<Row>> rows = new EnumMap<>(Meter.By.class);
        for (Meter.By by : Meter.By.values()) {
            rows.put(by, rows(by, parts, counts));
        }
        return new Seen(seconds, rows);
    }

    @SuppressWarnings("EnumOrdinal") // the order in which a meter reads
    private static List<Row> rows(
            Meter.By by, List<List<Map<Meter.Name, Tally.Reading>>> parts, List<Counting> counts) {
        Map<Meter.Name, Tally.Reading> ended = new HashMap<>();
        Map<Meter.Name, Integer> inFlight = new HashMap<>();
        for (List<Map<Meter.Name, Tally.Reading>> part : parts) {
            part.get(by.ordinal()).forEach((name, reading) -> ended.merge(name, reading, Tally.Reading::plus));
        }
        for (Counting count : counts) {
            count.tables.get(by.ordinal()).all().forEach((name, one) -> {
                ended.putIfAbsent(name, Tally.Reading.NONE);
                inFlight.merge(name, one[0], Integer::sum);
            });
        }
        List<Row> rows = new ArrayList<>();
        ended.forEach((name, reading) ->
                rows.add(new Row(name.first(), name.second(), reading, inFlight.getOrDefault(name, 0))));
        rows.sort(Comparator.comparingLong((Row row) -> row.ended.requests())
                .thenComparingInt(Row::inFlight)
                .reversed()
                .thenComparing(Row::name));
        return rows;
    }

    /** Counts what is under way on one loop. */
    private static final class Counting implements UnderWay.Look {
        private final List<Meter.Names<int[]>> tables = new ArrayList<>();

        Counting() {
            for (Meter.By by : Meter.By.values()) {
                tables.add(new Meter.Names<>(by));
            }
        }

        @Override
        public void at(AccessRecord record) {
            for (Meter.Names<int[]> table : tables) {
                int[] count = table.of(record, () -> new int[1]);
                if (count != null) {
                    count[0]++;
                }
            }
        }
    }
}
