package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is concluded from the ages at which an origin closes kept connections. */
final class LearntIdleTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final long HOUR = 3600 * SECOND;

    private final LearntIdle learnt = new LearntIdle("test");
    private long now = 100 * SECOND;

    private void closed(long ageNanos) {
        now += SECOND;
        learnt.closed(ageNanos, now);
    }

    private long hold() {
        return learnt.holdNanos(now);
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(hold()).isEqualTo(Long.MAX_VALUE);
        closed(2 * SECOND);
        closed(2 * SECOND);
        assertThat(hold()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anAgeThatIsSeenThriceIsBelievedAndStayedBelow() {
        closed(2010 * MILLI);
        closed(2 * SECOND);
        closed(2020 * MILLI);
        assertThat(hold()).isEqualTo(1500 * MILLI);
    }

    @Test
    void oneThatARequestMetCountsTwice() {
        closed(5 * SECOND);
        now += SECOND;
        learnt.met(5 * SECOND, now);
        assertThat(hold()).isEqualTo(3750 * MILLI + 250 * MILLI);
    }

    @Test
    void aRestartTeachesNothing() {
        // All at once, of whatever age.
        for (int i = 0; i < 50; i++) {
            learnt.closed(10 * SECOND + i * 20 * MILLI, now + i * MILLI);
        }
        assertThat(hold()).isEqualTo(Long.MAX_VALUE);
        closed(20 * SECOND);
        closed(3 * SECOND);
        closed(50 * SECOND);
        closed(5 * SECOND);
        assertThat(hold()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void endsRightAfterAnAnswerTeachNothing() {
        for (int i = 0; i < 50; i++) {
            closed(i * 9 * MILLI);
        }
        assertThat(hold()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anOlderConnectionThatServesSpeaksAgainst() {
        closed(2 * SECOND);
        closed(2 * SECOND);
        learnt.served(30 * SECOND, now);
        closed(2 * SECOND);
        assertThat(hold()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aShorterTimeIsLearntAsTheFirstWas() {
        for (int i = 0; i < 3; i++) {
            closed(60 * SECOND);
        }
        assertThat(hold()).isEqualTo(52_500 * MILLI);
        for (int i = 0; i < 3; i++) {
            closed(5 * SECOND);
        }
        assertThat(hold()).isEqualTo(4 * SECOND);
    }

    @Test
    void itIsForgottenSlowlyAndLearntAgain() {
        for (int i = 0; i < 3; i++) {
            closed(60 * SECOND);
        }
        now += HOUR;
        assertThat(hold()).isEqualTo(105 * SECOND);
        // It was longer than believed, or has become so.
        closed(75 * SECOND);
        assertThat(hold()).isBetween(52 * SECOND, 66 * SECOND);
        closed(59 * SECOND);
        assertThat(hold()).isBetween(50 * SECOND, 52 * SECOND);
    }
}
