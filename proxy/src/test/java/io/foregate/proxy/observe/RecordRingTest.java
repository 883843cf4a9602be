package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The last lines, within two bounds. */
final class RecordRingTest {
    private static List<String> texts(List<byte[]> lines) {
        return lines.stream()
                .map(line -> new String(line, StandardCharsets.UTF_8))
                .toList();
    }

    private static void add(RecordRing ring, String line) {
        ring.add((line + "garbage").getBytes(StandardCharsets.UTF_8), line.length(), line.hashCode());
    }

    @Test
    void theNewestAreThereAndTheOldestMakeRoom() {
        RecordRing ring = new RecordRing(10, 100);
        assertThat(ring.newest(10)).isEmpty();
        assertThat(ring.last()).isNull();

        for (String line : List.of("aaaa", "bbbb", "cccc", "dd")) {
            add(ring, line);
        }

        // The third found no room before the end, and the fourth came round to the second.
        assertThat(texts(ring.newest(10))).containsExactly("dd", "cccc");
        assertThat(texts(ring.newest(1))).containsExactly("dd");
        assertThat(texts(ring.with("cccc".hashCode(), 5))).containsExactly("cccc");
        assertThat(ring.with("aaaa".hashCode(), 5)).isEmpty();
        assertThat(ring.size()).isEqualTo(2);
    }

    @Test
    void neverMoreLinesThanAllowedAndNeverABrokenOne() {
        Random random = new Random(5);
        RecordRing ring = new RecordRing(1_000, 40);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String line = i + "x".repeat(random.nextInt(i % 7 == 0 ? 400 : 30));
            add(ring, line);
            all.add(line);
            List<String> kept = new ArrayList<>(texts(ring.newest(Integer.MAX_VALUE)));
            Collections.reverse(kept);
            assertThat(kept).hasSizeBetween(1, 40);
            assertThat(kept).isEqualTo(all.subList(all.size() - kept.size(), all.size()));
            assertThat(kept.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(1_000);
            if (all.size() > 100) {
                all.subList(0, 50).clear();
            }
        }
    }

    @Test
    void aLineLongerThanTheRingIsNotKept() {
        RecordRing ring = new RecordRing(10, 10);
        add(ring, "aaaa");
        add(ring, "b".repeat(11));

        assertThat(texts(ring.newest(5))).containsExactly("aaaa");
    }
}
