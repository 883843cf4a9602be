package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ContentLength;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import io.foregate.proxy.codec.hpack.PseudoName;

/**
 * Makes an answer's head of {@code :status} and fields, and judges it (RFC 9113 §8.3.2), as strictly as HTTP/1's. An answer that
 * accepts an extended CONNECT (RFC 8441) comes out as the 101 that everyone behind knows.
 *
 * <p>Owned by one connection, reused.
 */
final class ResponseAssembler implements HpackDecoder.PseudoFields {
    private static final String NOTHING = "";

    private int statusStart;
    private int statusLength;
    private boolean hasStatus;
    private String wrong = NOTHING;

    void begin() {
        hasStatus = false;
        wrong = "broken fields";
    }

    /** What was wrong with the head that was judged last. */
    String wrong() {
        return wrong;
    }

    @Override
    public boolean pseudo(int name, int valueStart, int valueLength) {
        if (name != PseudoName.STATUS || hasStatus) {
            return false;
        }
        hasStatus = true;
        statusStart = valueStart;
        statusLength = valueLength;
        return true;
    }

    /** Judges a head whose section has been decoded into it; {@code end} says that nothing follows. */
    boolean judge(ResponseHead into, Http2Stream stream, boolean end) {
        Headers headers = into.headers();
        into.httpVersion(20);
        int status = hasStatus && statusLength == 3 ? status(headers.array()) : -1;
        if (status < 100 || status > 599) {
            return wrong("no valid :status");
        }
        if (FieldRules.connectionSpecific(headers) || headers.contains(HeaderName.TE)) {
            return wrong("a field of HTTP/1's connections");
        }
        into.status(status);
        if (status < 200) {
            into.bodyLength(0);
            headers.remove(HeaderName.CONTENT_LENGTH);
            // RFC 9113 §8.6 has no 101.
            return status == 101 || end ? wrong("an interim answer that can't be") : true;
        }
        if (stream.tunnel && status < 300) {
            return tunnel(into, stream, end);
        }
        stream.tunnel = false;
        return body(into, stream, end);
    }

    private boolean tunnel(ResponseHead into, Http2Stream stream, boolean end) {
        Headers headers = into.headers();
        headers.remove(HeaderName.CONTENT_LENGTH);
        into.status(101);
        into.bodyLength(Head.UNKNOWN_LENGTH);
        stream.bodyRemaining = Head.UNKNOWN_LENGTH;
        stream.tunnelOpen = true;
        return end ? wrong("a tunnel that ends as it begins") : true;
    }

    private boolean body(ResponseHead into, Http2Stream stream, boolean end) {
        Headers headers = into.headers();
        int status = into.status();
        int length = headers.find(HeaderName.CONTENT_LENGTH);
        long declared = Head.UNKNOWN_LENGTH;
        if (length >= 0) {
            declared = ContentLength.parse(headers, length);
            if (declared < 0) {
                return wrong("an invalid Content-Length");
            }
        }
        boolean noBody = stream.headMethod || status == 204 || status == 304;
        if (status == 204) {
            headers.remove(HeaderName.CONTENT_LENGTH);
        }
        if (noBody) {
            declared = 0;
        } else if (end && declared > 0) {
            return wrong("a body of another length than announced");
        }
        into.bodyLength(end ? 0 : declared);
        stream.bodyRemaining = declared;
        return true;
    }

    private int status(byte[] block) {
        int status = 0;
        for (int i = statusStart; i < statusStart + 3; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private boolean wrong(String what) {
        wrong = what;
        return false;
    }
}
