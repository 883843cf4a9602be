package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.BAD_HOST;
import static io.foregate.api.message.Failure.Kind.CONNECT_REFUSED_BY_POLICY;
import static io.foregate.api.message.Failure.Kind.EXPECTATION_UNKNOWN;
import static io.foregate.api.message.Failure.Kind.MALFORMED;
import static io.foregate.api.message.Failure.Kind.TARGET_TOO_LONG;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.RequestHead.TargetForm;
import io.foregate.api.message.TargetPath;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like whatever version of HTTP it came by: the same code for all of them, since what one version let
 * through would reach the others behind it. Stateless; null means fine.
 */
public final class RequestRules {
    static final int MAX_METHOD_BYTES = 64;

    private static final byte[] CONTINUE = Octets.ascii("100-continue");
    private static final byte[] H2C = Octets.ascii("h2c");

    private RequestRules() {}

    /** Sets the method, a token of the block; CONNECT is refused by {@link #target}. */
    public static Failure.@Nullable Kind method(RequestHead into, int start, int length) {
        byte[] block = into.headers().array();
        if (length == 0 || length > MAX_METHOD_BYTES) {
            return MALFORMED;
        }
        for (int i = start; i < start + length; i++) {
            if (!Octets.isToken(block[i])) {
                return MALFORMED;
            }
        }
        into.method(Method.of(block, start, length), start, length);
        return null;
    }

    /** Sets the target in origin or asterisk form (RFC 9112 §3.2), whose characters have not been looked at yet. */
    public static Failure.@Nullable Kind path(RequestHead into, int start, int length, HeadLimits limits) {
        byte[] block = into.headers().array();
        if (length > limits.maxTargetBytes()) {
            return TARGET_TOO_LONG;
        }
        for (int i = start; i < start + length; i++) {
            if (!Octets.isTarget(block[i])) {
                return MALFORMED;
            }
        }
        if (length == 0) {
            return MALFORMED;
        }
        Failure.Kind wrong = target(into, start, length);
        return wrong != null || into.form() != TargetForm.ABSOLUTE ? wrong : MALFORMED;
    }

    /** Sets the target, of target characters; one in neither origin nor asterisk form is left {@code ABSOLUTE} for the caller. */
    static Failure.@Nullable Kind target(RequestHead into, int start, int length) {
        if (into.method() == Method.CONNECT) {
            return CONNECT_REFUSED_BY_POLICY;
        }
        byte first = into.headers().array()[start];
        if (first == '/') {
            into.target(TargetForm.ORIGIN, start, length);
            return null;
        }
        if (length == 1 && first == '*') {
            into.target(TargetForm.ASTERISK, start, length);
            return into.method() == Method.OPTIONS ? null : MALFORMED;
        }
        into.target(TargetForm.ABSOLUTE, start, length);
        return null;
    }

    /** One Host, and a well-formed one; none where {@code optional}. Sets the authority. */
    public static Failure.@Nullable Kind host(RequestHead into, boolean optional) {
        Headers headers = into.headers();
        int at = headers.find(HeaderName.HOST);
        if (at < 0) {
            return optional ? null : BAD_HOST;
        }
        boolean good = headers.findNext(HeaderName.HOST, at) < 0
                && Authority.resolve(into, headers.valueStart(at), headers.valueLength(at));
        return good ? null : BAD_HOST;
    }

    /** Content-Length, where there is one: sets the body's length. */
    public static Failure.@Nullable Kind length(RequestHead into) {
        int at = into.headers().find(HeaderName.CONTENT_LENGTH);
        if (at < 0) {
            return null;
        }
        long value = ContentLength.parse(into.headers(), at);
        if (value < 0) {
            return MALFORMED;
        }
        into.bodyLength(value);
        return null;
    }

    /** Expect, where there is one: the only expectation is 100-continue, and it becomes a property of the head. */
    public static Failure.@Nullable Kind expect(RequestHead into) {
        Headers headers = into.headers();
        int at = headers.find(HeaderName.EXPECT);
        if (at < 0) {
            return null;
        }
        if (headers.findNext(HeaderName.EXPECT, at) >= 0 || !headers.valueEqualsIgnoreCase(at, CONTINUE)) {
            return EXPECTATION_UNKNOWN;
        }
        // RFC 9110 §10.1.1: ignored from HTTP/1.0 clients, meaningless without a body.
        headers.removeAt(at);
        into.expectContinue(into.httpVersion() != 10 && into.bodyLength() != 0);
        return null;
    }

    /** Path and query of the target, unambiguous ones. */
    public static Failure.@Nullable Kind resolve(RequestHead into) {
        return TargetPath.resolve(into) ? null : MALFORMED;
    }

    /**
     * Sets the protocol to change to, bytes of the block; returns whether it is one. Only a single protocol is passed on. h2c by
     * Upgrade is a known way past a proxy's rules, and RFC 9113 dropped it.
     */
    public static boolean upgrade(RequestHead into, int start, int length) {
        byte[] block = into.headers().array();
        int end = start + length;
        int name = start;
        while (name < end && Octets.isToken(block[name])) {
            name++;
        }
        int version = name;
        while (version < end && (Octets.isToken(block[version]) || block[version] == '/')) {
            version++;
        }
        if (name > start && version == end && !Octets.equalsIgnoreCase(block, start, name - start, H2C)) {
            into.upgrade(start, length);
            return true;
        }
        return false;
    }
}
