package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class JsonFormatTest {
    private final ObjectMapper json = new ObjectMapper();
    private final JsonFormat format = new JsonFormat();

    private JsonNode written(AccessRecord record) {
        return json.readTree(Records.line(format, record));
    }

    @Test
    void writesEveryFieldInItsPlace() {
        assertThat(Records.line(format, Records.typical()))
                .isEqualTo("{\"time\":\"2026-02-28T23:59:58.007Z\",\"id\":\"01jd7c5e8k\",\"client\":\"192.0.2.7\","
                        + "\"listener\":\"public\",\"method\":\"GET\",\"host\":\"app.example.com\","
                        + "\"target\":\"/api/items?page=2\",\"protocol\":\"HTTP/1.1\",\"status\":200,"
                        + "\"site\":\"app.example.com\",\"route\":\"/api/*\",\"pool\":\"api\","
                        + "\"endpoint\":\"10.0.0.1:8080\",\"attempts\":1,\"reused\":true,\"upstream_status\":200,"
                        + "\"bytes_in\":0,\"bytes_out\":5120,\"queue_ms\":0.012,\"connect_ms\":1.000,"
                        + "\"first_byte_ms\":11.947,\"transfer_ms\":1.500,\"total_ms\":14.500,\"phase\":\"done\","
                        + "\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\","
                        + "\"referer\":\"https://app.example.com/start\"}\n");
    }

    @Test
    void leavesOutWhatIsAbsent() {
        AccessRecord record = new AccessRecord();
        record.startEpochMillis = Records.START_MILLIS;
        assertThat(written(record).propertyNames())
                .containsExactlyInAnyOrder("time", "attempts", "bytes_in", "bytes_out", "phase");
    }

    @Test
    void tellsHowACallOfGrpcEnded() {
        AccessRecord record = Records.typical();
        record.grpcStatus = 0;
        assertThat(written(record).get("grpc_status").asInt()).isZero();
        record.grpcStatus = 14;
        assertThat(written(record).get("grpc_status").asInt()).isEqualTo(14);
    }

    @Test
    void namesAFailure() {
        AccessRecord record = Records.typical();
        record.phase = AccessRecord.Phase.CONNECT;
        record.failure = Failure.origin(Failure.Kind.CONNECT_REFUSED, "said \"no\"\nto é😀\ud800");
        JsonNode failure = written(record).get("failure");
        assertThat(failure.get("source").asString()).isEqualTo("origin");
        assertThat(failure.get("kind").asString()).isEqualTo("connect_refused");
        assertThat(failure.get("detail").asString()).isEqualTo("said \"no\"\nto é😀\ufffd");
        record.failure = Failure.client(Failure.Kind.CLIENT_GONE, null);
        assertThat(written(record).get("failure").propertyNames()).containsExactlyInAnyOrder("source", "kind");
    }

    @Test
    void aPhaseThatWasNotLeftLastsUntilTheEnd() {
        AccessRecord record = Records.typical();
        record.connectedNanos = 0;
        record.firstByteNanos = 0;
        JsonNode line = written(record);
        assertThat(line.get("connect_ms").decimalValue()).isEqualByComparingTo("14.448");
        assertThat(line.has("first_byte_ms")).isFalse();
        assertThat(line.has("transfer_ms")).isFalse();
    }

    @Test
    void timesOfAnEarlierAttemptAreNotMistakenForTheLast() {
        AccessRecord record = Records.typical();
        record.connectStartNanos = record.connectedNanos + 2_000_000;
        record.firstByteNanos = 0;
        JsonNode line = written(record);
        assertThat(line.get("connect_ms").decimalValue()).isEqualByComparingTo("11.447");
        assertThat(line.has("first_byte_ms")).isFalse();
    }

    @Test
    void hostileValuesStayInsideTheirField() {
        HostileBytes hostile = new HostileBytes(20260228);
        List<String> expected = List.copyOf(new TreeSet<>(
                json.readTree(Records.line(format, Records.typical())).propertyNames()));
        for (int i = 0; i < 20_000; i++) {
            AccessRecord record = Records.typical();
            byte[] userAgent = nonEmpty(hostile.next(2_000));
            record.request = Records.request(
                    nonEmpty(hostile.next(60)),
                    nonEmpty(hostile.next(300)),
                    nonEmpty(hostile.next(5_000)),
                    userAgent,
                    nonEmpty(hostile.next(3_000)));
            Records.id(record, nonEmpty(hostile.next(128)));
            record.site = nonEmpty(hostile.next(500));
            record.failure = Failure.origin(
                    Failure.Kind.RESPONSE_MALFORMED, new String(hostile.next(900), StandardCharsets.ISO_8859_1));

            String line = Records.line(format, record);
            assertThat(Records.utf8(line).length).isLessThanOrEqualTo(AccessFormat.MAX_RECORD_BYTES);
            assertThat(line.lines().count()).isEqualTo(1);
            assertThat(line.codePoints()
                            .filter(c -> c < 0x20 || (c >= 0x7f && c < 0xa0))
                            .toArray())
                    .containsExactly('\n');
            assertThat(line).doesNotContain("\u2028", "\u202e");
            JsonNode parsed = json.readTree(line);
            TreeSet<String> names = new TreeSet<>(parsed.propertyNames());
            names.remove("failure");
            assertThat(List.copyOf(names)).isEqualTo(expected);
            assertThat(parsed.get("status").intValue()).isEqualTo(200);
            assertUnchangedOrCut(parsed.get("user_agent").asString(), userAgent);
        }
    }

    // The JDK gives one U+FFFD for several bad bytes, we give one for each: compare without them.
    private static void assertUnchangedOrCut(String logged, byte[] sent) {
        String intact = new String(sent, StandardCharsets.UTF_8).replace("\ufffd", "");
        String plain = logged.replace("\ufffd", "");
        if (plain.endsWith("…")) {
            assertThat(intact).startsWith(plain.substring(0, plain.length() - 1));
        } else {
            assertThat(plain).isEqualTo(intact);
        }
    }

    private static byte[] nonEmpty(byte[] bytes) {
        return bytes.length > 0 ? bytes : new byte[] {'x'};
    }

    @Test
    void theLongestRecordKeepsToTheBound() {
        for (String unit : List.of("x", "\"", "\u0001", "é", "😀")) {
            AccessRecord record = Records.typical();
            byte[] value = Records.utf8(unit.repeat(10_000));
            record.request = Records.request(value, value, value, value, value);
            Records.id(record, java.util.Arrays.copyOf(value, 128));
            record.clientAddress = record.listener = record.site = record.route = value;
            record.pool = record.endpoint = value;
            record.failure = Failure.proxy(Failure.Kind.CONNECT_REFUSED_BY_POLICY, unit.repeat(10_000));
            record.startNanos = 1;
            record.queuedNanos = 1;
            record.connectStartNanos = 1;
            record.connectedNanos = 1;
            record.firstByteNanos = 1;
            record.endNanos = Long.MAX_VALUE;
            record.requestBodyBytes = Long.MAX_VALUE;
            record.responseBodyBytes = Long.MAX_VALUE;
            record.attempts = Integer.MAX_VALUE;
            record.status = 999;
            record.upstreamStatus = 999;
            String line = Records.line(format, record);
            assertThat(Records.utf8(line).length).isLessThan(AccessFormat.MAX_RECORD_BYTES);
            JsonNode parsed = json.readTree(line);
            assertThat(parsed.get("target").asString()).endsWith("…");
            assertThat(Records.utf8(Records.line(new CombinedFormat(), record)).length)
                    .isLessThan(AccessFormat.MAX_RECORD_BYTES);
        }
    }

    @Test
    void timesAgreeWithTheLibrary() {
        Random random = new Random(7);
        AccessRecord record = Records.typical();
        for (int i = 0; i < 50_000; i++) {
            record.startEpochMillis = random.nextLong(
                    Instant.parse("1970-01-01T00:00:00Z").toEpochMilli(),
                    Instant.parse("2400-03-01T00:00:00Z").toEpochMilli());
            String time = Records.line(format, record).substring(9, 33);
            assertThat(Instant.parse(time).toEpochMilli()).isEqualTo(record.startEpochMillis);
        }
    }
}
