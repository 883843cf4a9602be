package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.BAD_HOST;
import static io.foregate.api.message.Failure.Kind.CONNECT_REFUSED_BY_POLICY;
import static io.foregate.api.message.Failure.Kind.EXPECTATION_UNKNOWN;
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
import io.foregate.api.message.TargetPath;
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
    private static final int MAX_METHOD_BYTES = 64;
    /** What a request line has besides method and target: two spaces and {@code HTTP/1.1}. */
    private static final int REST_OF_LINE_BYTES = 10;

    private static final byte[] HTTP = Octets.ascii("http://");
    private static final byte[] HTTPS = Octets.ascii("https://");
    private static final byte[] TRAILERS = Octets.ascii("trailers");
    private static final byte[] CONTINUE = Octets.ascii("100-continue");
    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final byte[] H2C = Octets.ascii("h2c");

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
        return MAX_METHOD_BYTES + limits.maxTargetBytes() + REST_OF_LINE_BYTES;
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
        if (methodLength == 0 || methodLength > MAX_METHOD_BYTES || at == end || block[at] != ' ') {
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
        if (into.method() == Method.CONNECT) {
            return CONNECT_REFUSED_BY_POLICY;
        }
        if (block[start] == '/') {
            into.target(TargetForm.ORIGIN, start, length);
            return null;
        }
        if (length == 1 && block[start] == '*') {
            into.target(TargetForm.ASTERISK, start, length);
            return into.method() == Method.OPTIONS ? null : MALFORMED;
        }
        schemeLength = startsWith(block, start, length, HTTP)
                ? HTTP.length
                : startsWith(block, start, length, HTTPS) ? HTTPS.length : 0;
        if (schemeLength == 0) {
            return MALFORMED;
        }
        absoluteLength = length;
        into.target(TargetForm.ABSOLUTE, start, length);
        return null;
    }

    private static boolean startsWith(byte[] block, int start, int length, byte[] prefix) {
        return length >= prefix.length && Octets.equalsIgnoreCase(block, start, prefix.length, prefix);
    }

    private Failure.@Nullable Kind judge(RequestHead into) {
        Headers headers = into.headers();
        Failure.Kind wrong = host(into, headers);
        if (wrong == null) {
            wrong = framing(into, headers);
        }
        if (wrong == null && headers.contains(HeaderName.EXPECT)) {
            wrong = expect(into, headers);
        }
        if (wrong == null) {
            wrong = connection(into, headers);
        }
        if (wrong == null && !TargetPath.resolve(into)) {
            wrong = MALFORMED;
        }
        return wrong;
    }

    private Failure.@Nullable Kind host(RequestHead into, Headers headers) {
        int at = headers.find(HeaderName.HOST);
        if (at < 0 && into.httpVersion() != 10) {
            return BAD_HOST;
        }
        if (at >= 0) {
            if (headers.findNext(HeaderName.HOST, at) >= 0
                    || !Authority.resolve(into, headers.valueStart(at), headers.valueLength(at))) {
                return BAD_HOST;
            }
        }
        return absoluteLength > 0 ? absolute(into, headers) : null;
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
        if (length >= 0) {
            long value = ContentLength.parse(headers, length);
            if (value < 0) {
                return MALFORMED;
            }
            into.bodyLength(value);
        }
        return null;
    }

    private static Failure.@Nullable Kind expect(RequestHead into, Headers headers) {
        int at = headers.find(HeaderName.EXPECT);
        if (headers.findNext(HeaderName.EXPECT, at) >= 0 || !headers.valueEqualsIgnoreCase(at, CONTINUE)) {
            return EXPECTATION_UNKNOWN;
        }
        // RFC 9110 §10.1.1: ignored from HTTP/1.0 clients, meaningless without a body.
        headers.removeAt(at);
        into.expectContinue(into.httpVersion() != 10 && into.bodyLength() != 0);
        return null;
    }

    private Failure.@Nullable Kind connection(RequestHead into, Headers headers) {
        int options = Connection.options(headers);
        if ((options & Connection.CRITICAL) != 0) {
            return MALFORMED;
        }
        keepAlive = (options & Connection.CLOSE) == 0
                && (into.httpVersion() != 10 || (options & Connection.KEEP_ALIVE) != 0);
        if ((options & Connection.UPGRADE) != 0 && into.httpVersion() == 11 && into.bodyLength() == 0) {
            upgrade(into, headers);
        }
        into.trailersAccepted(headers.listContains(HeaderName.TE, TRAILERS));
        Connection.strip(headers);
        return null;
    }

    // Only a single protocol is passed on. h2c by Upgrade is a known way past a proxy's rules, and RFC 9113 dropped it.
    private static void upgrade(RequestHead into, Headers headers) {
        int at = headers.find(HeaderName.UPGRADE);
        if (at < 0 || headers.findNext(HeaderName.UPGRADE, at) >= 0) {
            return;
        }
        int start = headers.valueStart(at);
        int end = start + headers.valueLength(at);
        byte[] block = headers.array();
        int name = start;
        while (name < end && Octets.isToken(block[name])) {
            name++;
        }
        int version = name;
        while (version < end && (Octets.isToken(block[version]) || block[version] == '/')) {
            version++;
        }
        if (name > start && version == end && !Octets.equalsIgnoreCase(block, start, name - start, H2C)) {
            into.upgrade(start, end - start);
        }
    }
}
