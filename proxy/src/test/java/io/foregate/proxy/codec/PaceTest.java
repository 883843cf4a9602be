package io.foregate.proxy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long WINDOW = 30 * SECOND;
    private static final long RATE = 240;

    private final Pace pace = new Pace();

    /** How many windows a client endures in which it moves so much each, beginning with {@code bytes} moved. */
    private int windows(long bytes, long perWindow) {
        long now = -7 * SECOND;
        pace.begin(now, bytes, WINDOW);
        int endured = 0;
        long moved = bytes;
        while (endured < 100) {
            now += WINDOW;
            moved += perWindow;
            if (!pace.endures(moved, now, WINDOW, RATE)) {
                return endured;
            }
            endured++;
        }
        return endured;
    }

    @Test
    void whoMovesNothingIsOutAfterOneWindow() {
        assertThat(windows(0, 0)).isZero();
    }

    @Test
    void whoTricklesIsOutSoonAndWhoKeepsUpNever() {
        assertThat(windows(0, RATE * 15)).isOne();
        assertThat(windows(0, RATE * 30)).isEqualTo(100);
    }

    @Test
    void whoWasFasterMayPauseLongerButNotForever() {
        pace.begin(0, 0, WINDOW);
        assertThat(pace.endures(3 << 20, WINDOW, WINDOW, RATE)).isTrue();
        assertThat(pace.endures(3 << 20, 2 * WINDOW, WINDOW, RATE)).isTrue();
        assertThat(pace.endures(3 << 20, 3 * WINDOW, WINDOW, RATE)).isTrue();
        assertThat(pace.endures(3 << 20, 4 * WINDOW, WINDOW, RATE)).isTrue();
        assertThat(pace.endures(3 << 20, 5 * WINDOW, WINDOW, RATE)).isFalse();
    }

    @Test
    void aPlayerThatTakesLargeStepsIsNotSlow() {
        // Half of a 6 MiB window, every 35 seconds.
        long step = 3 << 20;
        assertThat(pace.endures(new Taken(step, 31 * SECOND), 0, WINDOW, RATE)).isTrue();
        for (int i = 1; i < 50; i++) {
            pace.reset();
            assertThat(pace.endures(new Taken(step * (i + 1), 31 * SECOND), 35 * SECOND * i, WINDOW, RATE))
                    .isTrue();
        }
    }

    @Test
    void whatWasQuietBeforeTheFirstLookCounts() {
        assertThat(pace.endures(new Taken(0, WINDOW), 0, WINDOW, RATE)).isFalse();
        pace.reset();
        assertThat(pace.endures(new Taken(0, WINDOW - 1), 0, WINDOW, RATE)).isTrue();
        pace.reset();
        assertThat(pace.endures(new Taken(Long.MAX_VALUE, 5 * WINDOW), 0, WINDOW, RATE))
                .isFalse();
    }

    @Test
    void theTimeThatWeKeptTheClientWaitingIsNotSpent() {
        pace.begin(0, 0, WINDOW);
        pace.excuse(10 * WINDOW, 0);
        assertThat(pace.endures(RATE * 30, 11 * WINDOW, WINDOW, RATE)).isTrue();
    }

    @Test
    void withoutARateAnyProgressWillDo() {
        assertThat(pace.endures(new Taken(5, 0), 0, WINDOW, 0)).isTrue();
        assertThat(pace.endures(new Taken(6, 0), WINDOW, WINDOW, 0)).isTrue();
        assertThat(pace.endures(new Taken(6, 0), 2 * WINDOW, WINDOW, 0)).isFalse();
    }

    @Test
    void aLookThatComesEarlyDecidesNothing() {
        pace.begin(0, 0, WINDOW);
        assertThat(pace.endures(0, WINDOW - 1, WINDOW, RATE)).isTrue();
        assertThat(pace.endures(0, WINDOW, WINDOW, RATE)).isFalse();
    }
}
