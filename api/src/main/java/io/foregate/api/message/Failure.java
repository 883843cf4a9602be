package io.foregate.api.message;

import org.jspecify.annotations.Nullable;

/**
 * Why an exchange, or one attempt of it, did not work: whose fault, what kind, and whether the same request may be sent again.
 *
 * <p>A value, not an exception: codecs and pools return it, one place turns it into a status. Made only when something
 * fails.
 *
 * @param source whose fault it is
 * @param kind what happened
 * @param retrySafe whether the origin can't have acted on the request, so that sending it elsewhere repeats nothing
 * @param detail what the log says of it, or null; never shown to a client
 */
public record Failure(
        Source source,
        Kind kind,
        boolean retrySafe,
        @Nullable String detail) {
    /** Who failed. */
    public enum Source {
        CLIENT,
        PROXY,
        ORIGIN
    }

    /** What happened, with the status that a client gets where an answer is still possible. */
    public enum Kind {
        MALFORMED(400),
        BAD_HOST(400),
        REQUEST_BODY_MALFORMED(400),
        NO_SUCH_SITE(404),
        NO_SUCH_ROUTE(404),
        CONNECT_REFUSED_BY_POLICY(501),
        METHOD_UNSUPPORTED(501),
        MISDIRECTED(421),
        EXPECTATION_UNKNOWN(417),
        HEAD_TIMEOUT(408),
        REQUEST_BODY_TIMEOUT(408),
        BODY_TOO_LARGE(413),
        TARGET_TOO_LONG(414),
        HEAD_TOO_LARGE(431),
        VERSION_UNSUPPORTED(505),
        CLIENT_GONE(499),
        CLIENT_SLOW(499),
        INTERNAL(500),
        FILTER_FAILED(500),
        SHUTTING_DOWN(503),
        FAULT_INJECTED(503),
        LOOP(508),
        POOL_DOWN(503),
        QUEUE_FULL(503),
        QUEUE_TIMEOUT(503),
        REQUEST_LIMIT(503),
        CONCURRENCY_LIMIT(503),
        OVERLOADED(503),
        UNRESOLVED(503),
        CONNECT_REFUSED(502),
        CONNECT_FAILED(502),
        CONNECT_TIMEOUT(504),
        TLS_FAILED(502),
        TLS_TIMEOUT(502),
        PROTOCOL_MISMATCH(502),
        UPGRADE_UNSUPPORTED(502),
        UNPROCESSED(502),
        STREAM_RESET(502),
        CANCELLED(502),
        RESET(502),
        CLOSED_EARLY(502),
        RESPONSE_MALFORMED(502),
        RESPONSE_TOO_LARGE(502),
        RESPONSE_TRUNCATED(502),
        FIRST_BYTE_TIMEOUT(504),
        IDLE_TIMEOUT(504),
        TOTAL_TIMEOUT(504);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public static Failure client(Kind kind, @Nullable String detail) {
        return new Failure(Source.CLIENT, kind, false, detail);
    }

    public static Failure proxy(Kind kind, @Nullable String detail) {
        return new Failure(Source.PROXY, kind, false, detail);
    }

    public static Failure origin(Kind kind, @Nullable String detail) {
        return new Failure(Source.ORIGIN, kind, false, detail);
    }

    /** The same failure, known to have happened before the origin could act on the request. */
    public static Failure originRetrySafe(Kind kind, @Nullable String detail) {
        return new Failure(Source.ORIGIN, kind, true, detail);
    }

    public int status() {
        return kind.status();
    }
}
