package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.Tally.Reading;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final long MILLI = 1_000_000;

    private final Tally tally = new Tally(2);

    @Test
    void everyRequestEndsInOneWay() {
        count(200, null, 5);
        count(304, null, 5);
        count(404, Failure.client(Failure.Kind.NO_SUCH_ROUTE, null), 5);
        count(403, null, 5);
        count(429, null, 5);
        count(500, null, 5);
        count(502, Failure.origin(Failure.Kind.RESET, null), 5);
        count(503, Failure.proxy(Failure.Kind.POOL_DOWN, null), 5);
        count(200, Failure.origin(Failure.Kind.RESPONSE_TRUNCATED, null), 5);
        count(0, Failure.client(Failure.Kind.CLIENT_GONE, null), 5);
        count(101, Failure.origin(Failure.Kind.RESET, null), 5);

        Reading reading = tally.read();
        assertThat(reading.requests()).isEqualTo(11);
        assertThat(reading.ended(Ending.FINE)).isEqualTo(3);
        assertThat(reading.ended(Ending.NOT_FOUND)).isOne();
        assertThat(reading.ended(Ending.DENIED)).isOne();
        assertThat(reading.ended(Ending.CLIENT_ERROR)).isOne();
        assertThat(reading.ended(Ending.CLIENT_GONE)).isOne();
        assertThat(reading.ended(Ending.ORIGIN_FAILED)).isEqualTo(2);
        assertThat(reading.ended(Ending.PROXY_FAILED)).isOne();
        assertThat(reading.errors()).isEqualTo(4);
        assertThat(reading.answers(2)).isEqualTo(2);
        assertThat(reading.answers(0)).isOne();
        assertThat(reading.errorRate()).isEqualTo(4.0 / 11);
    }

    @Test
    void callsOfGrpcThatFailAreErrors() {
        AccessRecord record = record(200, null, 5);
        record.grpcStatus = 14;
        tally.count(0, record);
        record.grpcStatus = 5;
        tally.count(0, record);

        assertThat(tally.read().errors()).isOne();
    }

    @Test
    void quantilesAreWithinATenth() {
        for (int i = 1; i <= 10_000; i++) {
            tally.count(i % 2, record(200, null, i));
        }
        Reading reading = tally.read();
        for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 0.999}) {
            double exact = part * 10_000 * MILLI;
            assertThat((double) reading.quantileNanos(part)).isBetween(exact * 0.9, exact * 1.1);
        }
    }

    @Test
    void theDifferenceOfTwoReadingsIsTheTimeBetweenThem() {
        count(500, null, 1);
        Reading before = tally.read();
        count(200, null, 700);
        Reading since = tally.read().minus(before);

        assertThat(since.requests()).isOne();
        assertThat(since.errors()).isZero();
        assertThat(since.quantileNanos(0.5)).isBetween(600 * MILLI, 800 * MILLI);
        assertThat(since.plus(before).requests()).isEqualTo(2);
        assertThat(Reading.NONE.quantileNanos(0.5)).isZero();
        assertThat(Reading.NONE.errorRate()).isZero();
    }

    @Test
    void bucketsFollowEachOtherWithoutGaps() {
        for (int bucket = 0; bucket < Durations.BUCKETS; bucket++) {
            assertThat(Durations.bucket(Durations.start(bucket))).isEqualTo(bucket);
            if (bucket > 0) {
                assertThat(Durations.bucket(Durations.start(bucket) - 1)).isEqualTo(bucket - 1);
            }
        }
        assertThat(Durations.bucket(Long.MAX_VALUE)).isEqualTo(Durations.BUCKETS - 1);
        assertThat(Durations.bucket(-1)).isZero();
    }

    private void count(int status, @Nullable Failure failure, long waitedMillis) {
        tally.count(0, record(status, failure, waitedMillis));
    }

    private static AccessRecord record(int status, @Nullable Failure failure, long waitedMillis) {
        AccessRecord record = new AccessRecord();
        record.status = status;
        record.failure = failure;
        record.startNanos = 7;
        record.endNanos = 7 + waitedMillis * MILLI;
        return record;
    }
}
