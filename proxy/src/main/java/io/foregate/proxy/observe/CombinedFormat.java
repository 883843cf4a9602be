package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * The "combined" line of Apache and nginx, so that what reads those reads ours, and behind it a tail of {@code name=value}
 * words in fixed order, described in docs/logs.md. What is absent is {@code -}; only a status that was never sent is {@code
 * 000}, as nginx has it, since readers want a number there.
 */
final class CombinedFormat implements AccessFormat {
    private static final byte[] NO_USER = Octets.ascii(" - - [");
    private static final byte[] REQUEST = Octets.ascii("] \"");
    private static final byte[] HTTP_1_0 = Octets.ascii(" HTTP/1.0");
    private static final byte[] HTTP_1_1 = Octets.ascii(" HTTP/1.1");
    private static final byte[] HTTP_2 = Octets.ascii(" HTTP/2.0");
    private static final byte[] HTTP_3 = Octets.ascii(" HTTP/3.0");
    private static final byte[] REFERER = Octets.ascii(" \"");
    private static final byte[] USER_AGENT = Octets.ascii("\" \"");
    private static final byte[] ID = Octets.ascii("\" id=");
    private static final byte[] HOST = Octets.ascii(" host=");
    private static final byte[] UPSTREAM = Octets.ascii(" upstream=");
    private static final byte[] ATTEMPTS = Octets.ascii(" attempts=");
    private static final byte[] UPSTREAM_STATUS = Octets.ascii(" upstream_status=");
    private static final byte[] GRPC_STATUS = Octets.ascii(" grpc_status=");
    private static final byte[] QUEUE = Octets.ascii(" queue=");
    private static final byte[] CONNECT = Octets.ascii(" connect=");
    private static final byte[] FIRST_BYTE = Octets.ascii(" first_byte=");
    private static final byte[] TRANSFER = Octets.ascii(" transfer=");
    private static final byte[] TOTAL = Octets.ascii(" total=");
    private static final byte[] PHASE = Octets.ascii(" phase=");
    private static final byte[] INJECTED_DELAY = Octets.ascii(" injected_delay=");
    private static final byte[] FAILURE = Octets.ascii(" failure=");

    private final TimeText time = TimeText.common();

    @Override
    public void write(AccessRecord record, ByteSink sink) {
        RequestHead request = record.request;
        word(sink, record.clientAddress, 0, record.clientAddress.length);
        sink.put(NO_USER);
        time.put(sink, record.startEpochMillis);
        sink.put(REQUEST);
        startLine(sink, record, request);
        sink.put('"');
        sink.put(' ');
        sink.putThreeDigits(record.status % 1_000);
        sink.put(' ');
        sink.putDecimal(record.responseBodyBytes);
        sink.put(REFERER);
        header(sink, request, HeaderName.REFERER, MAX_REFERER_BYTES);
        sink.put(USER_AGENT);
        header(sink, request, HeaderName.USER_AGENT, MAX_USER_AGENT_BYTES);
        sink.put(ID);
        word(sink, record.requestId, 0, record.requestIdLength);
        sink.put(HOST);
        if (request == null) {
            sink.put('-');
        } else {
            word(sink, request.headers().array(), request.authorityStart(), request.hostLength());
        }
        upstream(sink, record);
        times(sink, record);
        sink.put(PHASE);
        sink.put(LogNames.of(record.phase));
        failure(sink, record.failure);
        if (record.injectedDelayNanos > 0) {
            sink.put(INJECTED_DELAY);
            sink.putMillis(record.injectedDelayNanos);
        }
        sink.put('\n');
    }

    private static void startLine(ByteSink sink, AccessRecord record, @Nullable RequestHead request) {
        if (request == null || request.methodLength() == 0) {
            sink.put('-');
            return;
        }
        byte[] block = request.headers().array();
        PlainText.putWord(sink, block, request.methodStart(), request.methodLength(), MAX_METHOD_BYTES);
        sink.put(' ');
        int targetStart = AccessFormat.targetStart(record, request);
        int targetLength = AccessFormat.targetLength(record, request);
        PlainText.putWord(sink, block, targetStart, targetLength, MAX_TARGET_BYTES);
        switch (request.httpVersion()) {
            case 10 -> sink.put(HTTP_1_0);
            case 11 -> sink.put(HTTP_1_1);
            case 20 -> sink.put(HTTP_2);
            case 30 -> sink.put(HTTP_3);
            default -> {}
        }
    }

    private static void upstream(ByteSink sink, AccessRecord record) {
        sink.put(UPSTREAM);
        word(sink, record.pool, 0, record.pool.length);
        if (record.endpoint.length > 0) {
            sink.put('/');
            word(sink, record.endpoint, 0, record.endpoint.length);
        }
        sink.put(ATTEMPTS);
        sink.putDecimal(record.attempts);
        sink.put(UPSTREAM_STATUS);
        status(sink, record.upstreamStatus, record.upstreamStatus != 0);
        sink.put(GRPC_STATUS);
        status(sink, record.grpcStatus, record.grpcStatus >= 0);
    }

    private static void status(ByteSink sink, int status, boolean known) {
        if (known) {
            sink.putDecimal(status);
        } else {
            sink.put('-');
        }
    }

    private static void times(ByteSink sink, AccessRecord record) {
        duration(sink, QUEUE, Phases.queue(record));
        duration(sink, CONNECT, Phases.connect(record));
        duration(sink, FIRST_BYTE, Phases.firstByte(record));
        duration(sink, TRANSFER, Phases.transfer(record));
        duration(sink, TOTAL, Phases.total(record));
    }

    private static void failure(ByteSink sink, @Nullable Failure failure) {
        sink.put(FAILURE);
        if (failure == null) {
            sink.put('-');
            return;
        }
        sink.put(LogNames.of(failure.source()));
        sink.put('/');
        sink.put(LogNames.of(failure.kind()));
    }

    private static void header(ByteSink sink, @Nullable RequestHead request, HeaderName name, int maxBytes) {
        Headers headers = request == null ? null : request.headers();
        int field = headers == null ? -1 : headers.find(name);
        if (headers == null || field < 0 || headers.valueLength(field) == 0) {
            sink.put('-');
        } else {
            PlainText.putQuoted(sink, headers.array(), headers.valueStart(field), headers.valueLength(field), maxBytes);
        }
    }

    private static void word(ByteSink sink, byte[] value, int start, int length) {
        if (length == 0) {
            sink.put('-');
        } else {
            PlainText.putWord(sink, value, start, length, MAX_NAME_BYTES);
        }
    }

    private static void duration(ByteSink sink, byte[] key, long nanos) {
        sink.put(key);
        if (nanos == Phases.NOT_REACHED) {
            sink.put('-');
        } else {
            sink.putMillis(nanos);
        }
    }
}
