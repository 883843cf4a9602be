package io.foregate.proxy.codec.hpack;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.bench.MaxGarbage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Field sections of HTTP/2, out of and into a head's block, once both tables have seen them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HpackBenchmark {
    private final Headers request = headers(
            "User-Agent",
                    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "Accept-Language", "en-GB,en;q=0.9,de-DE;q=0.8,de;q=0.7",
            "Accept-Encoding", "gzip, deflate, br, zstd",
            "Cookie",
                    "session=3f0b7a5c9e1d4c2b8a6f7e5d4c3b2a19; theme=dark; consent=all; _pk_id.1.1fff=9f8e7d6c5b4a3928",
            "Sec-Fetch-Dest", "script",
            "Sec-Fetch-Mode", "no-cors",
            "Cache-Control", "max-age=0");
    private final Headers response = headers(
            "Date", "Sat, 28 Feb 2026 23:59:58 GMT",
            "Server", "gunicorn",
            "Content-Type", "text/html; charset=utf-8",
            "Content-Length", "10240",
            "Cache-Control", "private, max-age=0, must-revalidate",
            "ETag", "W/\"2800-61f0a1b2c3d40\"",
            "Vary", "Accept-Encoding, Cookie",
            "X-Frame-Options", "DENY",
            "X-Request-Id", "a0357f442ff721cf00a9a16a0742f23d");
    private final HpackEncoder peer = new HpackEncoder(true);
    private final HpackEncoder encoder = new HpackEncoder(true);
    private final HpackDecoder decoder = new HpackDecoder(4096, 32 * 1024, 100);
    private final Headers decoded = new Headers();
    private final byte[] section = new byte[4096];
    private final byte[] out = new byte[4096];
    private int length;

    private static Headers headers(String... fields) {
        Headers headers = new Headers();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(HeaderName.of(fields[i]), fields[i + 1]);
        }
        return headers;
    }

    @Setup
    public void talk() {
        // The third time all is in the tables that ever gets there.
        for (int i = 0; i < 3; i++) {
            peer.begin(section, 0);
            peer.fields(request);
            length = peer.end();
            decode();
        }
    }

    /** A browser's request: what differs as literals in Huffman code, the rest from the table. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public Headers decode() {
        decoded.clear();
        HpackDecoder.Result result = decoder.decode(section, 0, length, decoded, (name, start, bytes) -> true);
        if (result != HpackDecoder.Result.OK) {
            throw new IllegalStateException(result.toString());
        }
        return decoded;
    }

    /** An application server's answer. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public int encode() {
        encoder.begin(out, 0);
        encoder.status(200);
        encoder.fields(response);
        return encoder.end();
    }
}
