package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.BAD_HOST;
import static io.foregate.api.message.Failure.Kind.MALFORMED;
import static io.foregate.api.message.Failure.Kind.TARGET_TOO_LONG;
import static io.foregate.api.message.Failure.Kind.VERSION_UNSUPPORTED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.RequestHead.TargetForm;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Parses and judges request heads of HTTP/1.0 and 1.1 (RFC 9112 §3, §6).
 *
 * <p>Whatever two parsers could read in two ways is refused, since behind this one stands another. What passes is a head of
 * end-to-end fields; what the connection needs to know (persistence, framing) is kept here until the next head.
 *
 * <p>Owned by one connection, reused.
 */
final class Http1RequestParser implements Http1HeadReader.StartLine {
    /** What a request line has besides method and target: two spaces and {@code HTTP/1.1}. */
    private static final int REST_OF_LINE_BYTES = 10;

    private static final byte[] HTTP = Octets.ascii("http://");
    private static final byte[] HTTPS = Octets.ascii("https://");
    private static final byte[] TRAILERS = Octets.ascii("trailers");
    private static final byte[] CHUNKED = Octets.ascii("chunked");

    private final HeadLimits limits;
    private final Http1HeadReader reader = new Http1HeadReader();
    private @Nullable RequestHead head;
    private Failure.Kind failure = MALFORMED;
    private boolean keepAlive;
    private boolean chunked;
    private int absoluteLength;
    private int schemeLength;

    Http1RequestParser(HeadLimits limits) {
        this.limits = limits;
    }

    /** Begins to read a head into {@code into}. */
    void begin(RequestHead into) {
        head = into;
        keepAlive = false;
        chunked = false;
        absoluteLength = 0;
        schemeLength = 0;
        reader.begin(into.headers(), this, limits);
    }

    boolean started() {
        return reader.started();
    }

    /** Why the last read failed. */
    Failure.Kind failure() {
        return failure;
    }

    /** Whether the connection may carry another request after this one, as far as the client is concerned. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the body is chunked. */
    boolean chunked() {
        return chunked;
    }

    Http1HeadReader.Result read(ByteBuf in, RequestHead into) {
        Http1HeadReader.Result result = reader.read(in, into.headers());
        switch (result) {
            case FAILED -> failure = endlessLine() ? TARGET_TOO_LONG : reader.failure();
            case MORE -> {
                if (endlessLine()) {
                    failure = TARGET_TOO_LONG;
                    return Http1HeadReader.Result.FAILED;
                }
            }
            case DONE -> {
                Failure.Kind wrong = judge(into);
                if (wrong != null) {
                    failure = wrong;
                    return Http1HeadReader.Result.FAILED;
                }
            }
        }
        return result;
    }

    // The CR is there, maybe. So the answer is the same whether the line comes whole or byte by byte.
    private boolean endlessLine() {
        return reader.startLineBytes() > maxLineBytes() + 1;
    }

    private int maxLineBytes() {
        long bytes = (long) RequestRules.MAX_METHOD_BYTES + limits.maxTargetBytes() + REST_OF_LINE_BYTES;
        // One less: somebody asks for one byte beyond it.
        return (int) Math.min(bytes, Integer.MAX_VALUE - 1L);
    }

    /** {@code method SP target SP version}, with exactly one space between (RFC 9112 §3). */
    @Override
    public Failure.@Nullable Kind parse(byte[] block, int start, int end) {
        RequestHead into = java.util.Objects.requireNonNull(head);
        if (end - start > maxLineBytes()) {
            return TARGET_TOO_LONG;
        }
        int at = start;
        while (at < end && Octets.isToken(block[at])) {
            at++;
        }
        int methodLength = at - start;
        if (methodLength == 0 || methodLength > RequestRules.MAX_METHOD_BYTES || at == end || block[at] != ' ') {
            return MALFORMED;
        }
        into.method(Method.of(block, start, methodLength), start, methodLength);
        int target = at + 1;
        at = target;
        while (at < end && Octets.isTarget(block[at])) {
            at++;
        }
        int targetLength = at - target;
        if (targetLength > limits.maxTargetBytes()) {
            return TARGET_TOO_LONG;
        }
        if (targetLength == 0 || at == end || block[at] != ' ') {
            return MALFORMED;
        }
        Failure.Kind wrong = version(into, block, at + 1, end);
        return wrong != null ? wrong : target(into, block, target, targetLength);
    }

    /** RFC 9112 §2.2: an empty line or two before a request line is what some old clients send after a body. */
    @Override
    public int maxEmptyLines() {
        return 4;
    }

    private static Failure.@Nullable Kind version(RequestHead into, byte[] block, int start, int end) {
        if (end - start != 8
                || block[start] != 'H'
                || block[start + 1] != 'T'
                || block[start + 2] != 'T'
                || block[start + 3] != 'P'
                || block[start + 4] != '/'
                || block[start + 6] != '.') {
            return MALFORMED;
        }
        int major = block[start + 5] - '0';
        int minor = block[start + 7] - '0';
        if (major < 0 || major > 9 || minor < 0 || minor > 9) {
            return MALFORMED;
        }
        if (major != 1) {
            return VERSION_UNSUPPORTED;
        }
        into.httpVersion(minor == 0 ? 10 : 11);
        return null;
    }

    /** The four forms of RFC 9112 §3.2; the absolute form is reduced once the whole head is there. */
    private Failure.@Nullable Kind target(RequestHead into, byte[] block, int start, int length) {
        Failure.Kind wrong = RequestRules.target(into, start, length);
        if (wrong != null || into.form() != TargetForm.ABSOLUTE) {
            return wrong;
        }
        schemeLength = startsWith(block, start, length, HTTP)
                ? HTTP.length
                : startsWith(block, start, length, HTTPS) ? HTTPS.length : 0;
        if (schemeLength == 0) {
            return MALFORMED;
        }
        absoluteLength = length;
        return null;
    }

    private static boolean startsWith(byte[] block, int start, int length, byte[] prefix) {
        return length >= prefix.length && Octets.equalsIgnoreCase(block, start, prefix.length, prefix);
    }

    private Failure.@Nullable Kind judge(RequestHead into) {
        Headers headers = into.headers();
        Failure.Kind wrong = RequestRules.host(into, into.httpVersion() == 10);
        if (wrong == null && absoluteLength > 0) {
            wrong = absolute(into, headers);
        }
        if (wrong == null) {
            wrong = framing(into, headers);
        }
        if (wrong == null) {
            wrong = RequestRules.expect(into);
        }
        if (wrong == null) {
            wrong = connection(into, headers);
        }
        return wrong == null ? RequestRules.resolve(into) : wrong;
    }

    /** RFC 9112 §3.2.2: the target's authority counts, and a Host that says otherwise is replaced by it. */
    private Failure.@Nullable Kind absolute(RequestHead into, Headers headers) {
        byte[] block = headers.array();
        int start = into.targetStart();
        int end = start + absoluteLength;
        int authority = start + schemeLength;
        int path = authority;
        while (path < end && block[path] != '/' && block[path] != '?') {
            path++;
        }
        if (!Authority.resolve(into, authority, path - authority)) {
            return BAD_HOST;
        }
        headers.remove(HeaderName.HOST);
        headers.begin(HeaderName.HOST);
        headers.appendOwn(authority, path - authority);
        headers.finish(HeaderName.HOST);
        if (path < end && block[path] == '/') {
            into.target(TargetForm.ABSOLUTE, path, end - path);
        } else if (path == end && into.method() == Method.OPTIONS) {
            // RFC 9112 §3.2.4: the last proxy turns an empty path of OPTIONS into the asterisk form.
            int at = headers.end();
            headers.reserve(1)[at] = '*';
            headers.end(at + 1);
            into.target(TargetForm.ASTERISK, at, 1);
        } else {
            int at = headers.end();
            byte[] grown = headers.reserve(1 + end - path);
            grown[at] = '/';
            System.arraycopy(grown, path, grown, at + 1, end - path);
            headers.end(at + 1 + end - path);
            into.target(TargetForm.ABSOLUTE, at, 1 + end - path);
        }
        return null;
    }

    /** RFC 9112 §6.1 and §6.3, without any of the recoveries that they allow. */
    private Failure.@Nullable Kind framing(RequestHead into, Headers headers) {
        int coding = headers.find(HeaderName.TRANSFER_ENCODING);
        int length = headers.find(HeaderName.CONTENT_LENGTH);
        if (coding >= 0) {
            if (into.httpVersion() == 10
                    || length >= 0
                    || headers.findNext(HeaderName.TRANSFER_ENCODING, coding) >= 0
                    || !headers.valueEqualsIgnoreCase(coding, CHUNKED)) {
                return MALFORMED;
            }
            chunked = true;
            into.bodyLength(RequestHead.UNKNOWN_LENGTH);
            return null;
        }
        return RequestRules.length(into);
    }

    private Failure.@Nullable Kind connection(RequestHead into, Headers headers) {
        // Before the fields that Connection names are gone: TE has to be one of them (RFC 9110 §10.1.4).
        into.trailersAccepted(headers.listContains(HeaderName.TE, TRAILERS));
        int options = Connection.options(headers);
        if ((options & Connection.CRITICAL) != 0) {
            return MALFORMED;
        }
        keepAlive = (options & Connection.CLOSE) == 0
                && (into.httpVersion() != 10 || (options & Connection.KEEP_ALIVE) != 0);
        if ((options & Connection.UPGRADE) != 0 && into.httpVersion() == 11 && into.bodyLength() == 0) {
            upgrade(into, headers);
        }
        Connection.strip(headers);
        return null;
    }

    private static void upgrade(RequestHead into, Headers headers) {
        int at = headers.find(HeaderName.UPGRADE);
        if (at >= 0 && headers.findNext(HeaderName.UPGRADE, at) < 0) {
            RequestRules.upgrade(into, headers.valueStart(at), headers.valueLength(at));
        }
    }
}
