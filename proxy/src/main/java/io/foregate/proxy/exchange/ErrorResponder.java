package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ReasonPhrase;
import org.jspecify.annotations.Nullable;

/**
 * The only place where a {@link Failure} becomes an answer. What a client reads names the problem and the request's id, and
 * nothing of what is behind the door.
 */
final class ErrorResponder {
    private static final byte[] TEXT = Octets.ascii("text/plain; charset=utf-8");
    private static final byte[] NO_STORE = Octets.ascii("no-store");
    private static final byte[] RETRY_SOON = Octets.ascii("2");
    private static final byte[][] RETRY_SPREAD = {
        Octets.ascii("1"), Octets.ascii("2"), Octets.ascii("3"), Octets.ascii("4")
    };

    private ErrorResponder() {}

    /** Fills {@code head} with the answer to {@code failure} and returns its body. */
    static byte[] respond(Failure failure, ResponseHead head, byte[] requestId, int requestIdLength) {
        return respond(failure, failure.status(), head, requestId, requestIdLength);
    }

    /** The same with another status than the failure's own. */
    static byte[] respond(Failure failure, int status, ResponseHead head, byte[] requestId, int requestIdLength) {
        head.status(status);
        head.headers().add(HeaderName.CONTENT_TYPE, TEXT);
        head.headers().add(HeaderName.CACHE_CONTROL, NO_STORE);
        if (status == 503) {
            head.headers().add(HeaderName.RETRY_AFTER, retryAfter(failure, requestId));
        }
        StringBuilder text = new StringBuilder(160);
        text.append(status).append(' ').append(ReasonPhrase.of(status)).append('\n');
        String said = explanation(failure.kind());
        if (said != null) {
            text.append(said).append('\n');
        }
        text.append("Request id: ")
                .append(Octets.string(requestId, 0, requestIdLength))
                .append('\n');
        byte[] body = Octets.ascii(text.toString());
        head.headers().begin(HeaderName.CONTENT_LENGTH);
        head.headers().appendDecimal(body.length);
        head.headers().finish(HeaderName.CONTENT_LENGTH);
        head.bodyLength(body.length);
        return body;
    }

    // Those who are refused together had better not come back together.
    private static byte[] retryAfter(Failure failure, byte[] requestId) {
        return failure.kind() == Failure.Kind.OVERLOADED ? RETRY_SPREAD[requestId[0] & 3] : RETRY_SOON;
    }

    /** Fills {@code head} with the whole answer to a call of gRPC. */
    static void respondToCall(Failure failure, ResponseHead head) {
        head.headers().add(HeaderName.CACHE_CONTROL, NO_STORE);
        Grpc.trailersOnly(head, Grpc.status(failure), message(failure));
    }

    /** What a client of gRPC reads. */
    static String message(Failure failure) {
        String said = explanation(failure.kind());
        return said != null ? said : ReasonPhrase.of(failure.status());
    }

    private static @Nullable String explanation(Failure.Kind kind) {
        return switch (kind) {
            case MALFORMED -> "The request is malformed or ambiguous.";
            case BAD_HOST -> "The Host field is missing, repeated or invalid.";
            case REQUEST_BODY_MALFORMED -> "The request's body is malformed.";
            case NO_SUCH_SITE -> "No site of that name is served here.";
            case NO_SUCH_ROUTE -> "Nothing is served at this path.";
            case CONNECT_REFUSED_BY_POLICY, METHOD_UNSUPPORTED -> "This method is not supported.";
            case EXPECTATION_UNKNOWN -> "Only the expectation 100-continue is supported.";
            case HEAD_TIMEOUT -> "The request's head did not arrive in time.";
            case REQUEST_BODY_TIMEOUT -> "The request's body did not arrive in time.";
            case BODY_TOO_LARGE -> "The request's body is larger than allowed here.";
            case TARGET_TOO_LONG -> "The request's target is longer than allowed here.";
            case HEAD_TOO_LARGE -> "The request's head is larger, or has more fields, than allowed here.";
            case VERSION_UNSUPPORTED -> "This version of HTTP is not supported.";
            case MISDIRECTED -> "This connection was not made for that site. Open another one.";
            case LOOP -> "The request has passed here too often.";
            case POOL_DOWN,
                    UNRESOLVED,
                    QUEUE_FULL,
                    QUEUE_TIMEOUT,
                    REQUEST_LIMIT,
                    CONCURRENCY_LIMIT,
                    OVERLOADED,
                    SHUTTING_DOWN -> "The service is not available at the moment. Try again shortly.";
            case CONNECT_REFUSED,
                    CONNECT_FAILED,
                    TLS_FAILED,
                    TLS_TIMEOUT,
                    PROTOCOL_MISMATCH,
                    UPGRADE_UNSUPPORTED,
                    UNPROCESSED,
                    STREAM_RESET,
                    CANCELLED,
                    RESET,
                    CLOSED_EARLY,
                    RESPONSE_MALFORMED,
                    RESPONSE_TOO_LARGE,
                    RESPONSE_TRUNCATED -> "The server behind this address did not answer as it should.";
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT ->
                "The server behind this address did not answer in time.";
            case FAULT_INJECTED -> "This fault was injected on purpose: the configuration asks for it.";
            case CLIENT_GONE, CLIENT_SLOW, INTERNAL, FILTER_FAILED -> null;
        };
    }
}
