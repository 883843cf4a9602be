package io.foregate.proxy.codec;

import io.foregate.api.message.RequestHead;
import io.foregate.bench.MaxGarbage;
import io.foregate.proxy.exchange.Introduction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
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

/** A request's head from the receive buffer to the send buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestHeadBenchmark {
    /** Who sends it. */
    public enum Sender {
        LOAD_GENERATOR,
        BROWSER
    }

    @Param
    public Sender sender = Sender.LOAD_GENERATOR;

    private final Http1RequestParser parser = new Http1RequestParser(Heads.LIMITS);
    private final RequestHead head = new RequestHead();
    private final RequestHead untouched = new RequestHead();
    private final Introduction introduction = new Introduction(InetAddress.getLoopbackAddress());
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;

    @Setup
    public void receive() {
        in = Heads.received(
                switch (sender) {
                    case LOAD_GENERATOR -> Heads.SMALL_REQUEST;
                    case BROWSER -> Heads.BROWSER_REQUEST;
                });
        out = Unpooled.directBuffer(4096);
        parse();
        untouched.copyFrom(head);
    }

    @TearDown
    public void release() {
        in.release();
        out.release();
    }

    /** Reads and judges the head; hop-by-hop fields are gone then. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public RequestHead parse() {
        in.readerIndex(0);
        head.clear();
        parser.begin(head);
        Http1HeadReader.Result result = parser.read(in, head);
        if (result != Http1HeadReader.Result.DONE) {
            throw new IllegalStateException(result + " " + parser.failure());
        }
        return head;
    }

    /** Adds what the origin is told, and writes the head; the copy that it begins with isn't made in a real exchange. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public int rewriteAndWrite() {
        head.copyFrom(untouched);
        return forward();
    }

    /** All that is done to a request's head. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public int parseRewriteAndWrite() {
        parse();
        return forward();
    }

    // As Http1RequestWriter.head does for a request without a body.
    private int forward() {
        if (!introduction.of(head)) {
            throw new IllegalStateException("refused as a loop");
        }
        out.clear();
        out.ensureWritable(head.methodLength() + head.targetLength() + Http1HeadWriter.maxLength(head.headers()) + 160);
        Http1HeadWriter.requestLine(out, head);
        Http1HeadWriter.fields(out, head.headers());
        out.writeBytes(Http1HeadWriter.CRLF);
        return out.readableBytes();
    }
}
