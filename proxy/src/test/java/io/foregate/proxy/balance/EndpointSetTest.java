package io.foregate.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EndpointSetTest {
    private static final StickyTokens TOKENS =
            new StickyTokens("a key of enough length".getBytes(StandardCharsets.UTF_8), "web");

    private final PickState state = new PickState(0);
    private final Picking picking = new Picking();

    @ParameterizedTest
    @EnumSource
    void everyMemberIsFoundByThoseWhoTryAgain(Balancer balancer) {
        for (int size : new int[] {1, 2, 3, 40}) {
            List<Someone> people = Someone.people(size);
            EndpointSet set = new EndpointSet(Someone.shares(people), Balancing.by(balancer));
            picking.clear();
            picking.key(KeyHash.of("key"));
            Set<Member> found = new HashSet<>();
            for (int i = 0; i < Math.min(size, Tried.MAX_ATTEMPTS); i++) {
                Member member = set.pick(state, picking, 0);
                assertThat(member).isNotNull();
                picking.tried().add(member);
                found.add(member);
            }
            assertThat(found).hasSize(Math.min(size, Tried.MAX_ATTEMPTS));
            if (size <= Tried.MAX_ATTEMPTS) {
                assertThat(set.pick(state, picking, 0)).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyWhoCantBeUsedIsChosen(Balancer balancer) {
        for (int size : new int[] {3, 100}) {
            List<Someone> people = Someone.people(size);
            people.forEach(one -> one.up = false);
            people.get(1).up = true;
            EndpointSet set = new EndpointSet(Someone.shares(people), Balancing.by(balancer));
            for (int i = 0; i < 1000; i++) {
                picking.clear();
                picking.key(KeyHash.mix(i));
                assertThat(set.pick(state, picking, 0)).isSameAs(people.get(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void weightsAreHeededWhenThereIsLittleToDo(Balancer balancer) {
        for (int size : new int[] {4, 60}) {
            List<Someone> people = Someone.people(size);
            List<Share> shares = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                shares.add(new Share(people.get(i), i == 0 ? size - 1 : 1));
            }
            EndpointSet set = new EndpointSet(shares, Balancing.by(balancer));
            for (int i = 0; i < 20_000; i++) {
                picking.clear();
                picking.key(KeyHash.mix(i));
                pick(set, 0).picked++;
            }
            assertThat(people.get(0).picked).isBetween(9_000, 11_000);
        }
    }

    @Test
    void thoseThatArePassedOverAreStillAskedByRetries() {
        List<Someone> people = Someone.people(4);
        List<Share> shares = new ArrayList<>(Someone.shares(people.subList(0, 2)));
        shares.add(new Share(people.get(2), 1).withPriority(1));
        shares.add(new Share(people.get(3), 1).withPriority(Share.BACKUP));
        EndpointSet set = new EndpointSet(shares, Balancing.by(Balancer.ROUND_ROBIN));
        List<Member> order = new ArrayList<>();
        for (Member one = set.pick(state, picking, 0); one != null; one = set.pick(state, picking, 0)) {
            order.add(one);
            picking.tried().add(one);
        }
        assertThat(order.subList(0, 2)).containsExactlyInAnyOrder(people.get(0), people.get(1));
        assertThat(order.subList(2, 4)).containsExactly(people.get(2), people.get(3));
    }

    @Test
    void oneThatWasDownIsAskedOnceItsRestIsOver() {
        List<Someone> people = Someone.people(3);
        List<Share> shares = new ArrayList<>(Someone.shares(people));
        shares.set(1, shares.get(1).as(Standing.DOWN));
        people.get(1).up = false;
        EndpointSet set = new EndpointSet(shares, Balancing.by(Balancer.LEAST_REQUESTS));
        for (int i = 0; i < 100; i++) {
            assertThat(set.pick(state, picking, 0)).isNotSameAs(people.get(1));
        }
        people.get(1).up = true;
        assertThat(set.pick(state, picking, 0)).isSameAs(people.get(1));
    }

    @Test
    void inPanicThoseThatAreDownAreAsked() {
        List<Someone> people = Someone.people(10);
        List<Share> shares = new ArrayList<>();
        for (Someone one : people) {
            one.up = one == people.get(0);
            shares.add(new Share(one, 1).as(one.up ? Standing.UP : Standing.DOWN));
        }
        EndpointSet set = new EndpointSet(shares, Balancing.by(Balancer.ROUND_ROBIN));
        assertThat(set.panic()).isTrue();
        Set<Member> asked = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            asked.add(set.pick(state, picking, 0));
        }
        assertThat(asked).hasSize(10);
    }

    @Test
    void theSameKeyGoesToTheSameMember() {
        List<Someone> people = Someone.people(50);
        EndpointSet set = new EndpointSet(Someone.shares(people), Balancing.by(Balancer.HASH));
        PickState other = new PickState(3);
        for (int i = 0; i < 1000; i++) {
            picking.clear();
            picking.key(KeyHash.mix(i));
            assertThat(set.pick(state, picking, 0)).isSameAs(set.pick(other, picking, 1000));
        }
    }

    @Test
    void nobodyGetsMuchMoreThanOthersForOneKey() {
        List<Someone> people = Someone.people(20);
        EndpointSet set = new EndpointSet(Someone.shares(people), Balancing.by(Balancer.HASH));
        for (int i = 0; i < 1000; i++) {
            picking.clear();
            picking.key(KeyHash.of("the only one"));
            // Loads are counted anew each millisecond.
            pick(set, i * 2_000_000L).inFlight++;
        }
        for (Someone one : people) {
            // 1000 / 20 × 1.25
            assertThat(one.inFlight).isLessThanOrEqualTo(63);
        }
    }

    @Test
    void aFewRequestsForOneKeyStayTogether() {
        EndpointSet set = new EndpointSet(Someone.shares(Someone.people(20)), Balancing.by(Balancer.HASH));
        Set<Member> asked = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            picking.clear();
            picking.key(KeyHash.of("the only one"));
            Someone one = pick(set, 0);
            one.inFlight++;
            asked.add(one);
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void peakEwmaPrefersTheQuick() {
        List<Someone> people = Someone.people(2);
        people.get(0).latency.sample(100_000_000, 0, false);
        people.get(1).latency.sample(1_000_000, 0, false);
        EndpointSet set = new EndpointSet(Someone.shares(people), Balancing.by(Balancer.PEAK_EWMA));
        for (int i = 0; i < 50; i++) {
            assertThat(set.pick(state, picking, 0)).isSameAs(people.get(1));
        }
        // The quick one would have a hundred to answer first.
        people.get(1).inFlight = 100;
        assertThat(set.pick(state, picking, 0)).isSameAs(people.get(0));
    }

    @Test
    void peakEwmaSendsOneRequestToOneThatNobodyKnowsAndNoMoreBeforeItHasAnswered() {
        List<Someone> people = Someone.people(3);
        people.get(0).latency.sample(1_000_000, 0, false);
        people.get(1).latency.sample(1_000_000, 0, false);
        Someone stranger = people.get(2);
        EndpointSet set = new EndpointSet(Someone.shares(people), Balancing.by(Balancer.PEAK_EWMA));
        int asked = 0;
        for (int i = 0; i < 200; i++) {
            Someone one = pick(set, 0);
            one.inFlight += one == stranger ? 1 : 0;
            asked += one == stranger ? 1 : 0;
        }
        assertThat(asked).isEqualTo(1);
        stranger.inFlight = 0;
        stranger.latency.sample(1_000_000, 0, false);
        for (int i = 0; i < 300; i++) {
            Someone one = pick(set, 0);
            one.picked++;
        }
        assertThat(stranger.picked).isBetween(60, 140);
    }

    @Test
    void clientsComeBackToTheMemberOfTheirToken() {
        List<Someone> people = Someone.people(100);
        EndpointSet set = new EndpointSet(Someone.shares(people), sticky());
        for (Someone one : people) {
            byte[] token = set.stickyToken(one);
            assertThat(token).isNotNull().hasSize(StickyTokens.LENGTH);
            picking.clear();
            picking.sticky(set.stickyMember(token, 0, token.length));
            assertThat(set.pick(state, picking, 0)).isSameAs(one);
        }
    }

    @Test
    void aTokenThatNobodyMadeIsNone() {
        List<Someone> people = Someone.people(3);
        EndpointSet set = new EndpointSet(Someone.shares(people), sticky());
        byte[] token = TOKENS.token(people.get(0).name());
        token[21] ^= 1;
        assertThat(set.stickyMember(token, 0, token.length)).isNull();
        token[21] ^= 1;
        assertThat(set.stickyMember(token, 0, token.length - 1)).isNull();
        EndpointSet stranger = new EndpointSet(
                Someone.shares(people),
                with(new StickyTokens("another key of some length".getBytes(StandardCharsets.UTF_8), "web")));
        assertThat(stranger.stickyMember(token, 0, token.length)).isNull();
    }

    @Test
    void oneThatLeavesKeepsThoseThatStickToItWhereItIsToldTo() {
        List<Someone> people = Someone.people(2);
        byte[] token = TOKENS.token(people.get(0).name());
        List<Share> shares = new ArrayList<>(Someone.shares(people));
        shares.set(0, shares.get(0).as(Standing.STICKY_ONLY));
        EndpointSet leaving = new EndpointSet(shares, sticky());
        picking.sticky(leaving.stickyMember(token, 0, token.length));
        assertThat(leaving.pick(state, picking, 0)).isSameAs(people.get(0));
        picking.clear();
        for (int i = 0; i < 10; i++) {
            assertThat(leaving.pick(state, picking, 0)).isSameAs(people.get(1));
        }
        shares.set(0, shares.get(0).as(Standing.OUT));
        assertThat(new EndpointSet(shares, sticky()).stickyMember(token, 0, token.length))
                .isNull();
    }

    @Test
    void whoeverSticksToOneThatFailsGoesElsewhere() {
        List<Someone> people = Someone.people(2);
        EndpointSet set = new EndpointSet(Someone.shares(people), sticky());
        people.get(0).up = false;
        picking.sticky(people.get(0));
        assertThat(set.pick(state, picking, 0)).isSameAs(people.get(1));
    }

    private Someone pick(EndpointSet set, long nowNanos) {
        return (Someone) Objects.requireNonNull(set.pick(state, picking, nowNanos));
    }

    private static Balancing sticky() {
        return with(TOKENS);
    }

    private static Balancing with(StickyTokens tokens) {
        return new Balancing(Balancer.ROUND_ROBIN, 40, 20, "", 125, SlowStart.NONE, tokens);
    }
}
