package io.foregate.control.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Since when servers serve, for slow starts. */
final class WarmingTest {
    private static final PoolSettings SETTINGS = new PoolSettings(Link.PLAIN, 1, 1, 1, 1, 1, new HeadLimits(1, 1, 1));
    private static final long SECOND = 1_000_000_000L;

    private final Warming warming = new Warming();
    private final Endpoint one = new Endpoint("10.0.0.1:80", SETTINGS, 1);
    private final Endpoint other = new Endpoint("10.0.0.2:80", SETTINGS, 1);

    @Test
    void whoeverIsThereWhenTheProcessStartsIsNotNew() {
        warming.look(Set.of(one), 5 * SECOND);
        warming.look(Set.of(one, other), 7 * SECOND);
        assertThat(warming.ageNanos(one, 8 * SECOND)).isEqualTo(Long.MAX_VALUE);
        assertThat(warming.ageNanos(other, 8 * SECOND)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoeverComesLaterIsNew() {
        warming.look(Set.of(one), 5 * SECOND);
        warming.look(Set.of(one, other), 60 * SECOND);
        warming.look(Set.of(one, other), 61 * SECOND);
        assertThat(warming.ageNanos(one, 62 * SECOND)).isEqualTo(Long.MAX_VALUE);
        assertThat(warming.ageNanos(other, 62 * SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void whoeverComesBackIsNewAgain() {
        warming.look(Set.of(one, other), 5 * SECOND);
        warming.look(Set.of(one), 60 * SECOND);
        warming.look(Set.of(one, other), 70 * SECOND);
        assertThat(warming.ageNanos(other, 71 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void soIsOneThatGoesAndComesBackWhileTheProcessStarts() {
        warming.look(Set.of(one, other), 5 * SECOND);
        warming.look(Set.of(one), 6 * SECOND);
        warming.look(Set.of(one), 7 * SECOND);
        warming.look(Set.of(one, other), 8 * SECOND);
        warming.look(Set.of(one, other), 9 * SECOND);
        assertThat(warming.ageNanos(one, 9 * SECOND)).isEqualTo(Long.MAX_VALUE);
        assertThat(warming.ageNanos(other, 9 * SECOND)).isEqualTo(SECOND);
    }
}
