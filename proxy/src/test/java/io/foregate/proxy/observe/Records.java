package io.foregate.proxy.observe;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Access records to write, as an exchange would leave them. */
final class Records {
    static final long START_MILLIS = Instant.parse("2026-02-28T23:59:58.007Z").toEpochMilli();
    private static final long START_NANOS = 5_000_000_000L;

    private Records() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A GET that went well. */
    static AccessRecord typical() {
        AccessRecord record = new AccessRecord();
        record.request = request(
                utf8("GET"),
                utf8("app.example.com"),
                utf8("/api/items?page=2"),
                utf8("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
                utf8("https://app.example.com/start"));
        record.startEpochMillis = START_MILLIS;
        record.startNanos = START_NANOS;
        record.queuedNanos = START_NANOS + 40_000;
        record.connectStartNanos = START_NANOS + 52_000;
        record.connectedNanos = START_NANOS + 1_052_999;
        record.firstByteNanos = START_NANOS + 13_000_000;
        record.endNanos = START_NANOS + 14_500_000;
        record.clientAddress = utf8("192.0.2.7");
        id(record, utf8("01jd7c5e8k"));
        record.listener = utf8("public");
        record.site = utf8("app.example.com");
        record.route = utf8("/api/*");
        record.pool = utf8("api");
        record.endpoint = utf8("10.0.0.1:8080");
        record.attempts = 1;
        record.reusedConnection = true;
        record.status = 200;
        record.upstreamStatus = 200;
        record.requestBodyBytes = 0;
        record.responseBodyBytes = 5_120;
        record.phase = AccessRecord.Phase.DONE;
        return record;
    }

    static void id(AccessRecord record, byte[] id) {
        System.arraycopy(id, 0, record.requestId, 0, id.length);
        record.requestIdLength = id.length;
    }

    /** A head with those bytes in it, whatever they are. */
    static RequestHead request(byte[] method, byte[] host, byte[] target, byte[] userAgent, byte[] referer) {
        RequestHead head = new RequestHead();
        head.clear();
        Headers headers = head.headers();
        head.method(Method.of(method, 0, method.length), put(headers, method), method.length);
        head.target(RequestHead.TargetForm.ORIGIN, put(headers, target), target.length);
        head.authority(put(headers, host), host.length, host.length);
        field(headers, HeaderName.USER_AGENT, userAgent);
        field(headers, HeaderName.REFERER, referer);
        return head;
    }

    private static int put(Headers headers, byte[] bytes) {
        int at = headers.end();
        System.arraycopy(bytes, 0, headers.reserve(bytes.length), at, bytes.length);
        headers.end(at + bytes.length);
        return at;
    }

    private static void field(Headers headers, HeaderName name, byte[] value) {
        if (value.length > 0) {
            headers.begin(name);
            headers.append(value);
            headers.finish(name);
        }
    }

    /** What {@code format} makes of {@code record}. */
    static String line(AccessFormat format, AccessRecord record) {
        ByteSink sink = new ByteSink();
        sink.begin(new byte[AccessFormat.MAX_RECORD_BYTES], 0);
        format.write(record, sink);
        return new String(sink.array(), 0, sink.length(), StandardCharsets.UTF_8);
    }
}
