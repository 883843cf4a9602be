package io.foregate.control.watch;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.LostAttempts;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the names in records mean, in plain words. Stateless. */
final class Causes {
    private Causes() {}

    /** The kind of that name; null when there is none. */
    static Failure.@Nullable Kind kind(String name) {
        try {
            return Failure.Kind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What a failure of that kind is, as a sentence without its full stop. */
    static String words(Failure.Kind kind) {
        return switch (kind) {
            case MALFORMED -> "the client sent something that isn't valid HTTP";
            case BAD_HOST -> "the client named no host, or something that can't be one";
            case REQUEST_BODY_MALFORMED -> "the body of the request wasn't framed as HTTP wants it";
            case NO_SUCH_SITE -> "no site of the configuration is for this host, and there is none for \"*\"";
            case NO_SUCH_ROUTE -> "the site has no route for this request; foregate explain tells how near each comes";
            case CONNECT_REFUSED_BY_POLICY -> "CONNECT, which would make an open proxy, isn't served";
            case METHOD_UNSUPPORTED -> "the method isn't one that can be served";
            case MISDIRECTED -> "the connection was made for another site, whose handshake asks for something else";
            case EXPECTATION_UNKNOWN -> "the client expects something that nobody knows (Expect)";
            case HEAD_TIMEOUT -> "the client took too long to send the head of its request";
            case REQUEST_BODY_TIMEOUT -> "the client took too long to send the body of its request";
            case BODY_TOO_LARGE -> "the body is larger than the route allows (limits.body)";
            case TARGET_TOO_LONG -> "the URL is longer than allowed";
            case HEAD_TOO_LARGE -> "the head of the request is larger than allowed";
            case VERSION_UNSUPPORTED -> "the client speaks a version of HTTP that isn't served";
            case CLIENT_GONE -> "the client went away before it had its whole answer";
            case CLIENT_SLOW -> "the client was slower than min-rate allows";
            case INTERNAL -> "a mistake in Foregate itself; the error log has more of it under this id";
            case FILTER_FAILED -> "a filter of the route failed";
            case SHUTTING_DOWN -> "the process was about to end";
            case FAULT_INJECTED -> "the route has a fault, which wants some requests to fail";
            case LOOP -> "the request came back to this proxy again and again: two proxies send it to each other";
            case POOL_DOWN -> "no endpoint of the pool could be asked: all are down, drained or in maintenance";
            case QUEUE_FULL -> "as many requests waited for the endpoint as may, since all its connections were in use";
            case QUEUE_TIMEOUT -> "all connections to the endpoint were in use, and none became free in time";
            case REQUEST_LIMIT -> "as many requests were under way as the pool or the endpoint may have";
            case CONCURRENCY_LIMIT ->
                "the adaptive limit of the pool was reached: its servers have become slower than they were";
            case OVERLOADED -> "this process couldn't keep up, and refused a part of the requests";
            case UNRESOLVED -> "the name of the server couldn't be resolved";
            case CONNECT_REFUSED -> "nobody listens at the endpoint's address";
            case CONNECT_FAILED -> "no connection to the endpoint could be made";
            case CONNECT_TIMEOUT -> "the endpoint didn't accept a connection in time";
            case TLS_FAILED -> "the handshake of TLS with the endpoint failed";
            case TLS_TIMEOUT -> "the handshake of TLS with the endpoint took too long";
            case PROTOCOL_MISMATCH -> "the endpoint doesn't speak the version of HTTP that the pool wants";
            case UPGRADE_UNSUPPORTED -> "the endpoint can't do the upgrade that the client asked for";
            case UNPROCESSED -> "the endpoint said again and again that it hadn't looked at the request";
            case STREAM_RESET -> "the endpoint broke this request off (a reset of its HTTP/2 stream)";
            case CANCELLED -> "the request was given up";
            case RESET -> "the endpoint broke the connection off";
            case CLOSED_EARLY -> "the endpoint closed the connection without an answer";
            case RESPONSE_MALFORMED -> "what the endpoint answered isn't valid HTTP";
            case RESPONSE_TOO_LARGE -> "the head of the endpoint's answer is larger than allowed";
            case RESPONSE_TRUNCATED -> "the endpoint's answer broke off before its end";
            case FIRST_BYTE_TIMEOUT -> "the endpoint didn't begin to answer in time (timeouts.first-byte)";
            case IDLE_TIMEOUT -> "the endpoint fell silent in the midst of the exchange (timeouts.idle)";
            case TOTAL_TIMEOUT -> "the exchange took longer than it may in all (timeouts.total, or grpc-timeout)";
        };
    }

    /** Why there was no other attempt. */
    static String words(LostAttempts.End end) {
        return switch (end) {
            case NONE -> "";
            case BUDGET -> "the pool's retry budget was used up";
            case LIMIT -> "as many retries were under way in the pool as may be";
            case BODY -> "the body was too large to be kept for sending it again (retry.buffer)";
            case METHOD -> "the method may not be repeated, as the server may have acted on the request";
            case RETRY_AFTER -> "the server wants to be left alone for longer than retries wait (Retry-After)";
        };
    }

    /** Where an exchange was when it ended. */
    static String phase(String name) {
        return switch (name) {
            case "read_head" -> "while the request's head was read";
            case "route" -> "while its route was looked for";
            case "filter" -> "in the filters of the route";
            case "queue" -> "while it waited for a connection to the endpoint";
            case "connect" -> "while a connection to the endpoint was made";
            case "send" -> "while the request was sent to the endpoint";
            case "first_byte" -> "while the endpoint's answer was awaited";
            case "transfer" -> "after the answer had begun";
            case "tunnel" -> "in the tunnel (WebSocket or another upgrade)";
            default -> "at the end";
        };
    }
}
