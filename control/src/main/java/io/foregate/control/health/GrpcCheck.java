package io.foregate.control.health;

import io.foregate.control.health.Http2Check.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One call of {@code grpc.health.v1.Health/Check}. Its messages have one field each, so they are written and read by hand: a request
 * with the service's name (1, a string), an answer with its state (1, an enumeration). Blocking.
 */
final class GrpcCheck {
    private static final int PREFIX_BYTES = 5;
    private static final int NAME_FIELD = 0x0a;
    private static final int STATE_FIELD = 0x08;
    private static final List<String> STATES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");
    private static final int SERVING = 1;
    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;

    private GrpcCheck() {}

    /** Asks. Throws, saying what is wrong, when there is no answer. */
    static Finding ask(CheckConnection connection, String service, String authority, long timeoutNanos)
            throws IOException {
        List<Field> fields = List.of(
                new Field(":method", "POST"),
                new Field(":scheme", connection.encrypts() ? "https" : "http"),
                new Field(":path", "/grpc.health.v1.Health/Check"),
                new Field(":authority", authority),
                new Field("content-type", "application/grpc"),
                new Field("te", "trailers"),
                new Field("grpc-timeout", Math.max(timeoutNanos / 1_000_000, 1) + "m"),
                new Field("user-agent", "Foregate-health"));
        HttpAnswer answer = Http2Check.ask(connection, fields, request(service), true);
        return finding(answer, service);
    }

    private static byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (name.length > 0) {
            message.write(NAME_FIELD);
            for (int rest = name.length; ; rest >>>= 7) {
                message.write(rest >= 0x80 ? rest | 0x80 : rest);
                if (rest < 0x80) {
                    break;
                }
            }
            message.writeBytes(name);
        }
        byte[] content = message.toByteArray();
        return ByteBuffer.allocate(PREFIX_BYTES + content.length)
                .put((byte) 0)
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static Finding finding(HttpAnswer answer, String service) {
        String of = service.isEmpty() ? "the server" : "service " + service;
        if (answer.status() != 200) {
            return Finding.failed("status " + answer.status() + " instead of a gRPC answer");
        }
        return switch (answer.grpcStatus()) {
            case 0 -> {
                int state = state(answer.body());
                String name = state >= 0 && state < STATES.size() ? STATES.get(state) : "in state " + state;
                yield state == SERVING ? Finding.passed("serving") : Finding.failed(of + " is " + name);
            }
            case NOT_FOUND -> Finding.failed("the server knows no " + of);
            case UNIMPLEMENTED -> Finding.failed("the server has no health service (grpc.health.v1.Health)");
            case -1 -> Finding.failed("the answer has no gRPC status");
            default ->
                Finding.failed("gRPC status " + answer.grpcStatus()
                        + (answer.grpcMessage().isEmpty() ? "" : " (" + answer.grpcMessage() + ")"));
        };
    }

    /** The state that the answer's message names: its default is 0, and fields that are not known are passed over. */
    private static int state(byte[] body) {
        if (body.length < PREFIX_BYTES || body[0] != 0) {
            return -1;
        }
        int at = PREFIX_BYTES;
        if (at == body.length) {
            return 0;
        }
        return body[at] == STATE_FIELD && at + 1 < body.length ? body[at + 1] : -1;
    }
}
