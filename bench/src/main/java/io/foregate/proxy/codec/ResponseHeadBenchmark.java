package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.ResponseHead;
import io.foregate.bench.MaxGarbage;
import io.foregate.proxy.loop.LoopClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A response's head from the receive buffer to the send buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseHeadBenchmark {
    /** Who sends it. */
    public enum Sender {
        BENCHMARK_ORIGIN,
        APPLICATION
    }

    @Param
    public Sender sender = Sender.BENCHMARK_ORIGIN;

    private final Http1ResponseParser parser = new Http1ResponseParser(Heads.LIMITS);
    private final ResponseHead head = new ResponseHead();
    private final LoopClock clock = new LoopClock();
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;

    @Setup
    public void receive() {
        in = Heads.received(
                switch (sender) {
                    case BENCHMARK_ORIGIN -> Heads.SMALL_RESPONSE;
                    case APPLICATION -> Heads.APPLICATION_RESPONSE;
                });
        out = Unpooled.directBuffer(4096);
    }

    @TearDown
    public void release() {
        in.release();
        out.release();
    }

    /** Reads and judges the head, and writes it as {@link Http1ResponseWriter} does where a length is known. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public int parseAndWrite() {
        in.readerIndex(0);
        head.clear();
        parser.begin(head);
        Http1HeadReader.Result result = parser.read(in, head, false);
        if (result != Http1HeadReader.Result.DONE) {
            throw new IllegalStateException(result + " " + parser.failure());
        }
        out.clear();
        out.ensureWritable(Http1HeadWriter.maxLength(head.headers()) + 160);
        Http1HeadWriter.statusLine(out, head);
        Http1HeadWriter.fields(out, head.headers());
        if (!head.headers().contains(HeaderName.DATE)) {
            Http1HeadWriter.date(out, clock.httpDate());
        }
        out.writeBytes(Http1HeadWriter.CRLF);
        return out.readableBytes();
    }
}
