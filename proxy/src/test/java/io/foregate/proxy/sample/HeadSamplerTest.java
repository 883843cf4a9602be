package io.foregate.proxy.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.route.Literal;
import io.foregate.proxy.route.Requests;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A sample stands for what came, within its bounds, and tells nothing that it shouldn't. */
final class HeadSamplerTest {
    private static final long SECOND = 1_000_000_000L;

    private final HeadSampler sampler = new HeadSampler(0);
    private final ClientAddress client = Requests.client("203.0.113.77");
    private final AccessRecord record = new AccessRecord();
    private final KeptNames names = new KeptNames(
            List.of(HeaderName.ACCEPT),
            List.of(HeaderName.AUTHORIZATION),
            List.of(Literal.of("v")),
            List.of(Literal.of("plan")));
    private final Marks marks = Marks.with(1, 2);

    private void follow(int heads, int bytes) {
        sampler.follow(new HeadSampler.Plan(names, marks, heads, bytes));
    }

    private void take(RequestHead head, long nanos) {
        record.clear();
        record.startNanos = nanos;
        sampler.take(head, client, record);
    }

    private SampledHeads copy() {
        return Objects.requireNonNull(sampler.copy());
    }

    @Test
    void marksAreSipHash24() {
        byte[] bytes = new byte[16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Marks reference = Marks.with(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

        assertThat(reference.of(bytes, 0, 15)).isEqualTo(0xa129ca6149be45e5L);
        assertThat(reference.of(bytes, 0, 0)).isEqualTo(0x726fdb47dd0e0e31L);
        assertThat(reference.of(bytes, 0, 8)).isEqualTo(0x93f5f5799a932462L);
    }

    @Test
    void fewRequestsAreAllKept() {
        follow(64, 64 * 256);
        for (int i = 0; i < 20; i++) {
            take(Requests.get("a.test", "/" + i), i * SECOND / 5);
            if (record.sample != 0) {
                record.status = 204;
                sampler.ended(record);
            }
        }

        List<SampledHead> heads = copy().heads();
        assertThat(heads).hasSize(20).allMatch(head -> head.requests() == 1);
        assertThat(heads).allMatch(head -> head.end().status() == 204);
        assertThat(Objects.requireNonNull(heads.get(7).target()).path()).isEqualTo("/7");
    }

    @Test
    void manyRequestsAreStoodForByFewWhateverTheirRhythm() {
        follow(4096, 4096 * 256);
        RequestHead often = Requests.get("a.test", "/often");
        RequestHead seldom = Requests.get("a.test", "/seldom");
        int requests = 600_000;
        for (int i = 0; i < requests; i++) {
            take(i % 4 == 0 ? seldom : often, i * 30 * SECOND / requests);
        }

        List<SampledHead> heads = copy().heads();
        long all = 0;
        long ofSeldom = 0;
        for (SampledHead head : heads) {
            all += head.requests();
            ofSeldom += Objects.requireNonNull(head.target()).path().equals("/seldom") ? head.requests() : 0;
        }
        assertThat(heads.size()).isBetween(1000, 2500);
        assertThat(all + copy().requestsSince()).isEqualTo(requests);
        assertThat((double) ofSeldom / all).isBetween(0.2, 0.3);
    }

    @Test
    void headsThatAreTooLargeKeepNobodyFromMakingRoom() {
        // A small ring of bytes, so that it comes round often.
        follow(64, 64 * 64);
        RequestHead large = Requests.get("a.test", "/" + "l".repeat(2000));
        for (int i = 0; i < 3000; i++) {
            take(i % 3 == 0 ? large : Requests.get("a.test", "/" + "s".repeat(i % 200) + i), i * SECOND);
            for (SampledHead head : copy().heads()) {
                SampledHead.Target target = head.target();
                if (target != null) {
                    assertThat(target.path()).matches("/s*[0-9]+");
                }
            }
        }
    }

    @Test
    void whereThereIsNoMoreRoomTheyComeMoreSlowly() {
        follow(64, 64 * 256);
        RequestHead head = Requests.get("a.test", "/");
        long last = 0;
        for (int i = 0; i < 300_000; i++) {
            take(head, i * SECOND / 10_000);
            last = Math.max(last, record.sample);
        }

        assertThat(copy().heads()).hasSize(64);
        assertThat(last).isBetween(250L, 700L);
    }

    @Test
    void afterARushTheNextRequestIsNotLongInComing() {
        follow(4096, 4096 * 256);
        RequestHead head = Requests.get("a.test", "/");
        for (int i = 0; i < 200_000; i++) {
            take(head, i * SECOND / 100_000);
        }
        int before = copy().heads().size();
        for (int i = 0; i < 30; i++) {
            take(head, (3 + i) * SECOND);
        }

        assertThat(copy().heads().size() - before).isGreaterThan(25);
    }

    @Test
    void theOldestMakeRoom() {
        follow(16, 2000);
        for (int i = 0; i < 500; i++) {
            take(Requests.get("a.test", "/" + i + "/" + "x".repeat(i * 7 % 400)), i * SECOND);
        }

        List<SampledHead> heads = copy().heads();
        assertThat(heads).hasSizeBetween(4, 16);
        for (int i = 0; i < heads.size(); i++) {
            assertThat(Objects.requireNonNull(heads.get(i).target()).path())
                    .startsWith("/" + (500 - heads.size() + i) + "/");
        }
        record.clear();
        record.sample = 1;
        record.status = 500;
        sampler.ended(record);
        assertThat(copy().heads()).noneMatch(head -> head.end().status() == 500);
    }

    @Test
    void valuesThatLetSomebodyInAreMarksAndAddressesNetworks() {
        follow(16, 4096);
        take(
                Requests.get(
                        "a.test",
                        "/p?v=secret&next=secret&secret&me%40secret.test=1",
                        "Accept: text/html",
                        "Authorization: secret",
                        "Cookie: sid=secret; plan=secret",
                        "X-Other: secret"),
                SECOND);

        SampledHead head = copy().heads().getFirst();
        byte[] secret = "secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        long mark = marks.of(secret, 0, secret.length);
        assertThat(head.toString()).doesNotContain("secret");
        assertThat(head.query()).isEqualTo(new SampledHead.Query(true, List.of("v", "next"), true));
        assertThat(head.known().values()).containsOnlyKeys(HeaderName.ACCEPT);
        assertThat(head.known().marks()).containsEntry(HeaderName.AUTHORIZATION, mark);
        assertThat(head.known().cookies()).containsOnlyKeys(Literal.of("plan")).containsValue(mark);
        assertThat(head.known().parameters()).containsEntry(Literal.of("v"), mark);
        assertThat((int) head.origin().clientLow()).isEqualTo(203 << 24 | 113 << 8);
        assertThat(head.mayHaveField("X-Other")).isTrue();
        assertThat(head.mayHaveCookie("sid")).isTrue();
        assertThat(head.mayHaveCookie("basket")).isFalse();
    }

    @Test
    void whatIsTooLongIsCountedAndNotKept() {
        follow(16, 4096);
        take(Requests.get("a.test", "/" + "x".repeat(2000)), SECOND);

        assertThat(copy().heads()).hasSize(1);
        assertThat(copy().heads().getFirst().target()).isNull();
        assertThat(copy().heads().getFirst().requests()).isEqualTo(1);
    }

    @Test
    void nothingIsKeptWhereNobodyWantsIt() {
        take(Requests.get("a.test", "/"), SECOND);
        assertThat(sampler.copy()).isNull();
        follow(16, 4096);
        take(Requests.get("a.test", "/"), 2 * SECOND);
        sampler.follow(null);

        assertThat(sampler.copy()).isNull();
        record.sample = 1;
        sampler.ended(record);
    }

    @Test
    void samplingMakesNoGarbage() {
        follow(1024, 256 * 1024);
        RequestHead head = Requests.get(
                "a.test", "/path?v=1&w=2", "Accept: */*", "Authorization: Basic x", "Cookie: a=b; plan=gold");
        rounds(head, 20_000, 0);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds(head, 20_000, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(4096);
    }

    // One a second, so that each is taken.
    private void rounds(RequestHead head, int count, int from) {
        for (int i = from; i < from + count; i++) {
            take(head, i * SECOND);
            sampler.ended(record);
        }
    }
}
