package io.foregate.proxy.observe;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.bench.MaxGarbage;
import io.foregate.proxy.codec.Heads;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One line of the access log, as a loop formats it: 1,000 to the second, whose text is made once for all of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AccessFormatBenchmark {
    private static final long START_NANOS = 5_000_000_000L;

    private final AccessFormat json = new JsonFormat();
    private final AccessFormat combined = new CombinedFormat();
    private final AccessRecord record = new AccessRecord();
    private final ByteSink sink = new ByteSink();
    private final byte[] room = new byte[AccessFormat.MAX_RECORD_BYTES];

    @Setup
    public void exchange() {
        RequestHead request = Heads.request("app.example.com", "/api/items?page=2");
        request.headers()
                .add(
                        HeaderName.USER_AGENT,
                        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");
        request.headers().add(HeaderName.REFERER, "https://app.example.com/orders/overview?page=2");
        record.request = request;
        record.startEpochMillis = 1_772_323_198_007L;
        record.startNanos = START_NANOS;
        record.queuedNanos = START_NANOS + 40_000;
        record.connectStartNanos = START_NANOS + 52_000;
        record.connectedNanos = START_NANOS + 52_000;
        record.firstByteNanos = START_NANOS + 13_000_000;
        record.endNanos = START_NANOS + 14_500_000;
        record.clientAddress = Octets.ascii("192.0.2.7");
        byte[] id = Octets.ascii("9f8e7d6c5b4a39281706f5e4d3c2b1a0");
        System.arraycopy(id, 0, record.requestId, 0, id.length);
        record.requestIdLength = id.length;
        record.listener = Octets.ascii("public");
        record.site = Octets.ascii("app.example.com");
        record.route = Octets.ascii("/api/*");
        record.pool = Octets.ascii("api");
        record.endpoint = Octets.ascii("10.0.0.1:8080");
        record.attempts = 1;
        record.reusedConnection = true;
        record.status = 200;
        record.upstreamStatus = 200;
        record.responseBodyBytes = 5_120;
        record.phase = AccessRecord.Phase.DONE;
    }

    @Benchmark
    @MaxGarbage(bytes = 1)
    public int json() {
        return line(json);
    }

    @Benchmark
    @MaxGarbage(bytes = 1)
    public int combined() {
        return line(combined);
    }

    private int line(AccessFormat format) {
        record.startEpochMillis++;
        sink.begin(room, 0);
        format.write(record, sink);
        return sink.length();
    }
}
