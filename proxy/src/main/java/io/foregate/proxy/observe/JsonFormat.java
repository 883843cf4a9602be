package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;

/** One JSON object a line. The fields, their order and units are in docs/logs.md; what is absent is left out. */
final class JsonFormat implements AccessFormat {
    private static final byte[] TIME = Octets.ascii("{\"time\":\"");
    private static final Key ID = new Key(",\"id\":\"", MAX_ID_BYTES);
    private static final Key CLIENT = new Key(",\"client\":\"", MAX_NAME_BYTES);
    private static final Key LISTENER = new Key(",\"listener\":\"", MAX_NAME_BYTES);
    private static final Key METHOD = new Key(",\"method\":\"", MAX_METHOD_BYTES);
    private static final Key HOST = new Key(",\"host\":\"", MAX_NAME_BYTES);
    private static final Key TARGET = new Key(",\"target\":\"", MAX_TARGET_BYTES);
    private static final Key PATH = new Key(",\"path\":\"", MAX_NAME_BYTES);
    private static final byte[] HTTP_1_0 = Octets.ascii(",\"protocol\":\"HTTP/1.0\"");
    private static final byte[] HTTP_1_1 = Octets.ascii(",\"protocol\":\"HTTP/1.1\"");
    private static final byte[] HTTP_2 = Octets.ascii(",\"protocol\":\"HTTP/2\"");
    private static final byte[] HTTP_3 = Octets.ascii(",\"protocol\":\"HTTP/3\"");
    private static final byte[] STATUS = Octets.ascii(",\"status\":");
    private static final byte[] GRPC_STATUS = Octets.ascii(",\"grpc_status\":");
    private static final Key SITE = new Key(",\"site\":\"", MAX_NAME_BYTES);
    private static final Key ROUTE = new Key(",\"route\":\"", MAX_NAME_BYTES);
    private static final Key POOL = new Key(",\"pool\":\"", MAX_NAME_BYTES);
    private static final Key ENDPOINT = new Key(",\"endpoint\":\"", MAX_NAME_BYTES);
    private static final byte[] ATTEMPTS = Octets.ascii(",\"attempts\":");
    private static final byte[] LOST = Octets.ascii(",\"lost\":[\"");
    private static final byte[] NEXT_LOST = Octets.ascii("\",\"");
    private static final byte[] LOST_END = Octets.ascii("\"]");
    private static final byte[] RETRY_STOPPED = Octets.ascii(",\"retry_stopped\":\"");
    private static final byte[] TRIED = Octets.ascii(",\"tried\":true");
    private static final byte[] HEDGED = Octets.ascii(",\"hedged\":true");
    private static final byte[] REUSED = Octets.ascii(",\"reused\":true");
    private static final byte[] NOT_REUSED = Octets.ascii(",\"reused\":false");
    private static final byte[] UPSTREAM_STATUS = Octets.ascii(",\"upstream_status\":");
    private static final byte[] BYTES_IN = Octets.ascii(",\"bytes_in\":");
    private static final byte[] BYTES_OUT = Octets.ascii(",\"bytes_out\":");
    private static final byte[] QUEUE = Octets.ascii(",\"queue_ms\":");
    private static final byte[] CONNECT = Octets.ascii(",\"connect_ms\":");
    private static final byte[] FIRST_BYTE = Octets.ascii(",\"first_byte_ms\":");
    private static final byte[] TRANSFER = Octets.ascii(",\"transfer_ms\":");
    private static final byte[] TOTAL = Octets.ascii(",\"total_ms\":");
    private static final byte[] INJECTED_DELAY = Octets.ascii(",\"injected_delay_ms\":");
    private static final byte[] PHASE = Octets.ascii(",\"phase\":\"");
    private static final Key USER_AGENT = new Key(",\"user_agent\":\"", MAX_USER_AGENT_BYTES);
    private static final Key REFERER = new Key(",\"referer\":\"", MAX_REFERER_BYTES);
    private static final byte[] FAILURE = Octets.ascii(",\"failure\":{\"source\":\"");
    private static final byte[] KIND = Octets.ascii("\",\"kind\":\"");
    private static final byte[] DETAIL = Octets.ascii(",\"detail\":\"");
    private static final byte[] END = Octets.ascii("}\n");

    /** What opens a string's value, and the most that it may take. */
    private static final class Key {
        final byte[] bytes;
        final int maxBytes;

        Key(String text, int maxBytes) {
            this.bytes = Octets.ascii(text);
            this.maxBytes = maxBytes;
        }
    }

    private final TimeText time = TimeText.rfc3339();
    private final boolean queries;

    JsonFormat() {
        this(true);
    }

    private JsonFormat(boolean queries) {
        this.queries = queries;
    }

    /** One that leaves out what clients may have written for nobody's eyes: the target's query, user agent and referer. */
    static JsonFormat withoutQueries() {
        return new JsonFormat(false);
    }

    @Override
    public void write(AccessRecord record, ByteSink sink) {
        sink.put(TIME);
        time.put(sink, record.startEpochMillis);
        sink.put('"');
        text(sink, ID, record.requestId, 0, record.requestIdLength);
        name(sink, CLIENT, record.clientAddress);
        name(sink, LISTENER, record.listener);
        RequestHead request = record.request;
        if (request != null) {
            startLine(sink, record, request);
        }
        if (record.status != 0) {
            number(sink, STATUS, record.status);
        }
        if (record.grpcStatus >= 0) {
            number(sink, GRPC_STATUS, record.grpcStatus);
        }
        name(sink, SITE, record.site);
        name(sink, ROUTE, record.route);
        if (record.tried) {
            sink.put(TRIED);
        }
        upstream(sink, record);
        number(sink, BYTES_IN, record.requestBodyBytes);
        number(sink, BYTES_OUT, record.responseBodyBytes);
        duration(sink, QUEUE, Phases.queue(record));
        duration(sink, CONNECT, Phases.connect(record));
        duration(sink, FIRST_BYTE, Phases.firstByte(record));
        duration(sink, TRANSFER, Phases.transfer(record));
        duration(sink, TOTAL, Phases.total(record));
        if (record.injectedDelayNanos > 0) {
            duration(sink, INJECTED_DELAY, record.injectedDelayNanos);
        }
        sink.put(PHASE);
        sink.put(LogNames.of(record.phase));
        sink.put('"');
        if (request != null && queries) {
            header(sink, USER_AGENT, request.headers(), HeaderName.USER_AGENT);
            header(sink, REFERER, request.headers(), HeaderName.REFERER);
        }
        Failure failure = record.failure;
        if (failure != null) {
            failure(sink, failure);
        }
        sink.put(END);
    }

    private void startLine(ByteSink sink, AccessRecord record, RequestHead request) {
        byte[] block = request.headers().array();
        text(sink, METHOD, block, request.methodStart(), request.methodLength());
        text(sink, HOST, block, request.authorityStart(), request.hostLength());
        int targetStart = AccessFormat.targetStart(record, request);
        int targetLength = AccessFormat.targetLength(record, request);
        if (queries) {
            text(sink, TARGET, block, targetStart, targetLength);
        } else {
            text(sink, PATH, block, targetStart, AccessFormat.pathLength(block, targetStart, targetLength));
        }
        switch (request.httpVersion()) {
            case 10 -> sink.put(HTTP_1_0);
            case 11 -> sink.put(HTTP_1_1);
            case 20 -> sink.put(HTTP_2);
            case 30 -> sink.put(HTTP_3);
            default -> {}
        }
    }

    private static void upstream(ByteSink sink, AccessRecord record) {
        name(sink, POOL, record.pool);
        name(sink, ENDPOINT, record.endpoint);
        number(sink, ATTEMPTS, record.attempts);
        if (record.attempts > 0) {
            sink.put(record.reusedConnection ? REUSED : NOT_REUSED);
        }
        if (record.lost.count() > 0) {
            lost(sink, record.lost);
        }
        if (record.hedged) {
            sink.put(HEDGED);
        }
        if (record.upstreamStatus != 0) {
            number(sink, UPSTREAM_STATUS, record.upstreamStatus);
        }
    }

    private static void lost(ByteSink sink, LostAttempts lost) {
        for (int i = 0; i < lost.count(); i++) {
            sink.put(i == 0 ? LOST : NEXT_LOST);
            byte[] name = lost.endpoint(i);
            JsonText.put(sink, name, 0, name.length, MAX_LOST_BYTES);
            sink.put(' ');
            lost.putCause(sink, i);
        }
        sink.put(LOST_END);
        if (lost.end() != LostAttempts.End.NONE) {
            sink.put(RETRY_STOPPED);
            sink.put(LogNames.of(lost.end()));
            sink.put('"');
        }
    }

    private static void failure(ByteSink sink, Failure failure) {
        sink.put(FAILURE);
        sink.put(LogNames.of(failure.source()));
        sink.put(KIND);
        sink.put(LogNames.of(failure.kind()));
        sink.put('"');
        String detail = failure.detail();
        if (detail != null) {
            sink.put(DETAIL);
            JsonText.put(sink, detail, MAX_DETAIL_BYTES);
            sink.put('"');
        }
        sink.put('}');
    }

    private static void header(ByteSink sink, Key key, Headers headers, HeaderName name) {
        int field = headers.find(name);
        if (field >= 0) {
            text(sink, key, headers.array(), headers.valueStart(field), headers.valueLength(field));
        }
    }

    private static void name(ByteSink sink, Key key, byte[] value) {
        text(sink, key, value, 0, value.length);
    }

    private static void text(ByteSink sink, Key key, byte[] value, int start, int length) {
        if (length > 0) {
            sink.put(key.bytes);
            JsonText.put(sink, value, start, length, key.maxBytes);
            sink.put('"');
        }
    }

    private static void number(ByteSink sink, byte[] key, long value) {
        sink.put(key);
        sink.putDecimal(value);
    }

    private static void duration(ByteSink sink, byte[] key, long nanos) {
        if (nanos != Phases.NOT_REACHED) {
            sink.put(key);
            sink.putMillis(nanos);
        }
    }
}
