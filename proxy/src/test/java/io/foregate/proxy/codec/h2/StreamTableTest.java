package io.foregate.proxy.codec.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table says what a map would. */
final class StreamTableTest {
    @Test
    void randomStreamsAreFoundAndForgotten() {
        Random random = new Random(3);
        StreamTable table = new StreamTable();
        Map<Integer, Http2Stream> expected = new HashMap<>();
        for (int round = 0; round < 100_000; round++) {
            // Few numbers, far apart or not, so that they meet in the table.
            int id = random.nextInt(40) * 2 + 1 + (random.nextInt(3) << 10);
            Http2Stream stream = expected.get(id);
            assertThat(table.get(id)).isSameAs(stream);
            if (stream != null && random.nextBoolean()) {
                table.remove(stream);
                expected.remove(id);
            } else if (stream == null) {
                Http2Stream added = new Http2Stream();
                added.number(id);
                table.put(added);
                expected.put(id, added);
            }
            assertThat(table.size()).isEqualTo(expected.size());
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(expected.values());
    }
}
