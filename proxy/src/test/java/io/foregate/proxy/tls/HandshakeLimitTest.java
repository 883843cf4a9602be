package io.foregate.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.tls.HandshakeLimit.Entry;
import io.foregate.proxy.tls.HandshakeLimit.Turn;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HandshakeLimitTest {
    private final AtomicInteger called = new AtomicInteger();

    private Turn turn() {
        return new Turn(Runnable::run, called::incrementAndGet);
    }

    @Test
    void thoseBeyondWaitInLineAndTheRestIsRefused() {
        HandshakeLimit limit = new HandshakeLimit(1);
        Turn inside = turn();
        List<Turn> waiting = new ArrayList<>();
        assertThat(limit.enter(inside)).isEqualTo(Entry.GO);
        for (int i = 0; i < 4; i++) {
            Turn next = turn();
            waiting.add(next);
            assertThat(limit.enter(next)).isEqualTo(Entry.WAIT);
        }
        Turn surplus = turn();
        assertThat(limit.enter(surplus)).isEqualTo(Entry.REFUSED);
        limit.leave(surplus);
        assertThat(called).hasValue(0);

        limit.leave(waiting.get(0));
        limit.leave(inside);
        assertThat(called).hasValue(1);
        limit.leave(waiting.get(1));
        assertThat(called).hasValue(2);
        waiting.forEach(limit::leave);
        limit.leave(inside);
        assertThat(limit.inside()).isZero();
        assertThat(limit.refused()).isOne();
        assertThat(limit.enter(turn())).isEqualTo(Entry.GO);
    }

    @Test
    void turnsComeInOrderAndWhoHasLeftIsPassedOver() {
        HandshakeLimit limit = new HandshakeLimit(2);
        List<Integer> came = new ArrayList<>();
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            int number = i;
            turns.add(new Turn(Runnable::run, () -> came.add(number)));
        }
        for (Turn turn : turns.subList(0, 10)) {
            limit.enter(turn);
        }
        limit.leave(turns.get(3));
        limit.leave(turns.get(6));
        // Those who have left keep nobody from the line, though they lie in it.
        assertThat(limit.enter(turns.get(10))).isEqualTo(Entry.WAIT);
        assertThat(limit.enter(turns.get(11))).isEqualTo(Entry.WAIT);
        assertThat(limit.enter(turns.get(12))).isEqualTo(Entry.REFUSED);

        for (int i = 0; i < 12; i++) {
            limit.leave(turns.get(i));
            assertThat(limit.inside()).isEqualTo(Math.min(2, 11 - i));
        }

        assertThat(came).containsExactly(2, 4, 5, 7, 8, 9, 10, 11);
        assertThat(limit.enter(turns.get(13))).isEqualTo(Entry.GO);
    }

    @Test
    void whoHasLeftHoldsOnToNothingWhileItsTurnLiesInLine() throws InterruptedException {
        HandshakeLimit limit = new HandshakeLimit(1);
        limit.enter(turn());
        Object connection = new Object();
        WeakReference<Object> seen = new WeakReference<>(connection);
        Turn gone = new Turn(Runnable::run, connection::notifyAll);
        limit.enter(gone);
        limit.leave(gone);
        connection = null;
        for (int i = 0; i < 200 && seen.get() != null; i++) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(seen.get()).isNull();
    }

    @Test
    void aLimitThatIsRaisedLetsThoseInLineBegin() {
        HandshakeLimit limit = new HandshakeLimit(1);
        limit.enter(turn());
        limit.enter(turn());
        limit.enter(turn());
        assertThat(called).hasValue(0);

        limit.most(3);

        assertThat(called).hasValue(2);
        assertThat(limit.inside()).isEqualTo(3);
    }

    @Test
    void aLimitThatIsLoweredTakesPlacesAsTheyBecomeFree() {
        HandshakeLimit limit = new HandshakeLimit(2);
        Turn first = turn();
        Turn second = turn();
        limit.enter(first);
        limit.enter(second);
        limit.enter(turn());

        limit.most(1);
        limit.leave(first);
        assertThat(called).hasValue(0);
        assertThat(limit.inside()).isOne();

        limit.leave(second);
        assertThat(called).hasValue(1);
        assertThat(limit.inside()).isOne();
    }

    @Test
    void noPlaceIsLostAndNobodyForgottenBetweenThreads() throws InterruptedException {
        HandshakeLimit limit = new HandshakeLimit(3);
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5_000; i++) {
                    CountDownLatch go = new CountDownLatch(1);
                    Turn mine = new Turn(Runnable::run, go::countDown);
                    if (limit.enter(mine) == Entry.WAIT) {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                    most.accumulateAndGet(limit.inside(), Math::max);
                    limit.leave(mine);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isLessThanOrEqualTo(3);
        assertThat(limit.inside()).isZero();
    }
}
