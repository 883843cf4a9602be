package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;

/**
 * What a proxy has to know of gRPC: which requests are calls, how long their clients wait, and how an answer of our own says what
 * went wrong. Everything else of it is HTTP/2 that passes as any other. Stateless.
 */
final class Grpc {
    /** No status: the answer has none, or isn't over. */
    static final int NO_STATUS = -1;

    static final int CANCELLED = 1;
    static final int UNKNOWN = 2;
    static final int DEADLINE_EXCEEDED = 4;
    static final int PERMISSION_DENIED = 7;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;
    static final int UNAVAILABLE = 14;
    static final int UNAUTHENTICATED = 16;

    private static final HeaderName TIMEOUT = HeaderName.of("grpc-timeout");
    private static final HeaderName STATUS = HeaderName.of("grpc-status");
    private static final HeaderName MESSAGE = HeaderName.of("grpc-message");
    private static final byte[] CONTENT_TYPE = Octets.ascii("application/grpc");
    private static final int MOST_DIGITS = 8;
    private static final long NEVER = Long.MAX_VALUE;

    private Grpc() {}

    /**
     * Whether the request is a call: its content type is {@code application/grpc}, alone or with the name of an encoding of messages.
     * gRPC-Web isn't meant, which has answers of another form.
     */
    static boolean asks(RequestHead request) {
        return has(request.headers());
    }

    /** Whether the answer is that of a call. */
    static boolean answers(ResponseHead head) {
        return head.status() == 200 && has(head.headers());
    }

    private static boolean has(Headers headers) {
        int at = headers.find(HeaderName.CONTENT_TYPE);
        if (at < 0 || headers.valueLength(at) < CONTENT_TYPE.length) {
            return false;
        }
        byte[] block = headers.array();
        int start = headers.valueStart(at);
        if (!Octets.equalsIgnoreCase(block, start, CONTENT_TYPE.length, CONTENT_TYPE)) {
            return false;
        }
        if (headers.valueLength(at) == CONTENT_TYPE.length) {
            return true;
        }
        byte next = block[start + CONTENT_TYPE.length];
        return next == '+' || next == ';' || next == ' ' || next == '\t';
    }

    /** How long a request may take: {@code limitNanos}, or what is left to a call whose client doesn't wait as long. */
    static long limitNanos(RequestHead request, long limitNanos) {
        Headers headers = request.headers();
        int at = asks(request) ? headers.find(TIMEOUT) : -1;
        return at < 0 ? limitNanos : Math.min(limitNanos, timeoutNanos(headers, at));
    }

    /** At most eight digits and a unit; what isn't is the origin's business. */
    private static long timeoutNanos(Headers headers, int at) {
        int start = headers.valueStart(at);
        int digits = headers.valueLength(at) - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return NEVER;
        }
        byte[] block = headers.array();
        long count = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 9) {
                return NEVER;
            }
            count = count * 10 + digit;
        }
        long unit = unitNanos(block[start + digits]);
        // Eight digits of minutes are 190 years.
        return unit == NEVER || count > NEVER / 4 / unit ? NEVER : count * unit;
    }

    private static long unitNanos(byte unit) {
        return switch (unit) {
            case 'H' -> 3_600_000_000_000L;
            case 'M' -> 60_000_000_000L;
            case 'S' -> 1_000_000_000L;
            case 'm' -> 1_000_000L;
            case 'u' -> 1_000L;
            case 'n' -> 1L;
            default -> NEVER;
        };
    }

    /** The {@code grpc-status} among these fields, or {@link #NO_STATUS}. */
    static int status(Headers headers) {
        int at = headers.find(STATUS);
        int length = at < 0 ? 0 : headers.valueLength(at);
        if (length < 1 || length > 3) {
            return NO_STATUS;
        }
        int status = 0;
        for (int i = headers.valueStart(at); i < headers.valueStart(at) + length; i++) {
            int digit = headers.array()[i] - '0';
            if (digit < 0 || digit > 9) {
                return NO_STATUS;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /** What a failure is called. */
    static int status(Failure failure) {
        return failure.kind() == Kind.CANCELLED ? CANCELLED : status(failure.status());
    }

    /** What an error's status of HTTP is called; where a client has to guess, gRPC's own table says the same for most of them. */
    static int status(int httpStatus) {
        return switch (httpStatus) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404, 405, 501, 505 -> UNIMPLEMENTED;
            case 408, 504 -> DEADLINE_EXCEEDED;
            case 413, 414, 431 -> RESOURCE_EXHAUSTED;
            case 421, 429, 502, 503 -> UNAVAILABLE;
            case 400, 500, 508 -> INTERNAL;
            case 499 -> CANCELLED;
            default -> UNKNOWN;
        };
    }

    /** Makes a head the whole answer of a call that has failed ("trailers-only"); what it has of other fields stays. */
    static void trailersOnly(ResponseHead head, int status, String message) {
        Headers headers = head.headers();
        head.status(200);
        head.bodyLength(0);
        headers.remove(HeaderName.CONTENT_LENGTH);
        headers.set(HeaderName.CONTENT_TYPE, CONTENT_TYPE);
        outcome(headers, status, message);
    }

    /** Adds how a call has ended. The message is ASCII without a percent sign, so that it needs no encoding. */
    static void outcome(Headers headers, int status, String message) {
        headers.begin(STATUS);
        headers.appendDecimal(status);
        headers.finish(STATUS);
        headers.add(MESSAGE, message);
    }
}
