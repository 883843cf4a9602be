package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.RESPONSE_MALFORMED;
import static io.foregate.api.message.Failure.Kind.RESPONSE_TOO_LARGE;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parses and judges response heads of HTTP/1.0 and 1.1 (RFC 9112 §4, §6.3), as strictly as requests: an origin whose answer
 * could be read in two ways is broken, or being used against us.
 *
 * <p>Owned by one connection, reused.
 */
final class Http1ResponseParser implements Http1HeadReader.StartLine {
    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final byte[] TIMEOUT = Octets.ascii("timeout=");

    private final HeadLimits limits;
    private final Http1HeadReader reader = new Http1HeadReader();
    private @Nullable ResponseHead head;
    private boolean keepAlive;
    private boolean chunked;
    private boolean upgrades;
    private int keepAliveSeconds;

    Http1ResponseParser(HeadLimits limits) {
        this.limits = limits;
    }

    void begin(ResponseHead into) {
        head = into;
        keepAlive = false;
        chunked = false;
        upgrades = false;
        keepAliveSeconds = -1;
        reader.begin(into.headers(), this, limits);
    }

    /** Whether the origin lets the connection live on. */
    boolean keepAlive() {
        return keepAlive;
    }

    boolean chunked() {
        return chunked;
    }

    /** Whether the head names a protocol to change to. */
    boolean upgrades() {
        return upgrades;
    }

    /** The seconds of idleness that the origin announced (Keep-Alive: timeout=), or -1. */
    int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    Failure.Kind failure() {
        return reader.failure() == Failure.Kind.HEAD_TOO_LARGE ? RESPONSE_TOO_LARGE : RESPONSE_MALFORMED;
    }

    /**
     * Reads on. A {@code DONE} head has its body length set; {@code bodiless} says that the request was a HEAD.
     */
    Http1HeadReader.Result read(ByteBuf in, ResponseHead into, boolean bodiless) {
        Http1HeadReader.Result result = reader.read(in, into.headers());
        if (result == Http1HeadReader.Result.DONE && !judge(into, bodiless)) {
            return Http1HeadReader.Result.FAILED;
        }
        return result;
    }

    /** {@code HTTP/1.x SP 3DIGIT [SP reason]}. */
    @Override
    public Failure.@Nullable Kind parse(byte[] block, int start, int end) {
        ResponseHead into = Objects.requireNonNull(head);
        if (end - start < 12
                || block[start] != 'H'
                || block[start + 1] != 'T'
                || block[start + 2] != 'T'
                || block[start + 3] != 'P'
                || block[start + 4] != '/'
                || block[start + 5] != '1'
                || block[start + 6] != '.'
                || block[start + 8] != ' ') {
            return RESPONSE_MALFORMED;
        }
        int minor = block[start + 7] - '0';
        int status = 0;
        for (int i = start + 9; i < start + 12; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 9) {
                return RESPONSE_MALFORMED;
            }
            status = status * 10 + digit;
        }
        if (minor < 0 || minor > 9 || status < 100 || status > 599) {
            return RESPONSE_MALFORMED;
        }
        into.httpVersion(minor == 0 ? 10 : 11);
        into.status(status);
        if (end - start > 12) {
            if (block[start + 12] != ' ' || !Octets.isFieldValue(block, start + 13, end)) {
                return RESPONSE_MALFORMED;
            }
            into.reason(start + 13, end - start - 13);
        }
        return null;
    }

    /** RFC 9112 §2.2 grants them to requests only; before an answer they are the rest of something else. */
    @Override
    public int maxEmptyLines() {
        return 0;
    }

    private boolean judge(ResponseHead into, boolean bodiless) {
        Headers headers = into.headers();
        int status = into.status();
        boolean noBody = bodiless || status < 200 || status == 204 || status == 304;
        if (!framing(into, headers, noBody)) {
            return false;
        }
        if (status < 200 || status == 204) {
            // RFC 9110 §8.6 forbids it here, and a client that believed it would wait.
            headers.remove(HeaderName.CONTENT_LENGTH);
        }
        if (headers.contains(HeaderName.KEEP_ALIVE)) {
            keepAliveSeconds = timeout(headers, headers.find(HeaderName.KEEP_ALIVE));
        }
        int options = Connection.options(headers);
        if ((options & Connection.CRITICAL) != 0) {
            return false;
        }
        keepAlive = (options & Connection.CLOSE) == 0
                && (into.httpVersion() != 10 || (options & Connection.KEEP_ALIVE) != 0);
        upgrades = headers.contains(HeaderName.UPGRADE);
        Connection.strip(headers);
        return true;
    }

    private boolean framing(ResponseHead into, Headers headers, boolean noBody) {
        int coding = headers.find(HeaderName.TRANSFER_ENCODING);
        int length = headers.find(HeaderName.CONTENT_LENGTH);
        long declared = Head.UNKNOWN_LENGTH;
        if (length >= 0) {
            declared = ContentLength.parse(headers, length);
            if (declared < 0 || coding >= 0) {
                return false;
            }
        }
        if (coding >= 0) {
            if (into.httpVersion() == 10
                    || headers.findNext(HeaderName.TRANSFER_ENCODING, coding) >= 0
                    || !headers.valueEqualsIgnoreCase(coding, CHUNKED)) {
                return false;
            }
            chunked = true;
        }
        into.bodyLength(noBody ? 0 : declared);
        return true;
    }

    private static int timeout(Headers headers, int position) {
        byte[] block = headers.array();
        int end = headers.valueStart(position) + headers.valueLength(position);
        for (int at = headers.valueStart(position); at + TIMEOUT.length < end; at++) {
            if (!Octets.equalsIgnoreCase(block, at, TIMEOUT.length, TIMEOUT)) {
                continue;
            }
            int seconds = -1;
            for (int i = at + TIMEOUT.length; i < end && i < at + TIMEOUT.length + 6; i++) {
                int digit = block[i] - '0';
                if (digit < 0 || digit > 9) {
                    break;
                }
                seconds = Math.max(seconds, 0) * 10 + digit;
            }
            return seconds;
        }
        return -1;
    }
}
