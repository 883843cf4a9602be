package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Writes HTTP/1 heads: runs of untouched lines by one copy each, then what the connection itself has to say. Stateless. */
final class Http1HeadWriter {
    static final byte[] CRLF = Octets.ascii("\r\n");
    static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
    static final byte[] CLOSE = Octets.ascii("Connection: close\r\n");
    static final byte[] EXPECT = Octets.ascii("Expect: 100-continue\r\n");
    static final byte[] NO_BODY = Octets.ascii("Content-Length: 0\r\n");
    static final byte[] KEEP_ALIVE = Octets.ascii("Connection: keep-alive\r\n");

    static final byte[] TRAILERS = Octets.ascii("TE: trailers\r\nConnection: TE\r\n");

    private static final byte[] KEY = Octets.ascii("Sec-WebSocket-Key: ");
    private static final byte[] VERSION = Octets.ascii(" HTTP/1.1\r\n");
    private static final byte[] STATUS_LINE = Octets.ascii("HTTP/1.1 ");
    private static final byte[] UPGRADE = Octets.ascii("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] LENGTH = Octets.ascii("Content-Length: ");
    private static final byte[] DATE = Octets.ascii("Date: ");
    private static final byte[][] STATUS_LINES = new byte[600][];

    static {
        for (int status = 100; status < 600; status++) {
            STATUS_LINES[status] = Octets.ascii("HTTP/1.1 " + status + " " + ReasonPhrase.of(status) + "\r\n");
        }
    }

    private Http1HeadWriter() {}

    static void requestLine(ByteBuf out, RequestHead head) {
        byte[] block = head.headers().array();
        out.writeBytes(block, head.methodStart(), head.methodLength());
        out.writeByte(' ');
        out.writeBytes(block, head.targetStart(), head.targetLength());
        out.writeBytes(VERSION);
    }

    /** Whether a request without a body has to say so, and doesn't (RFC 9110 §8.6): some servers wait for one, or answer 411. */
    static boolean lacksLength(RequestHead head) {
        Method method = head.method();
        return (method == Method.POST || method == Method.PUT || method == Method.PATCH)
                && !head.headers().contains(HeaderName.CONTENT_LENGTH);
    }

    static void upgrade(ByteBuf out, RequestHead head) {
        out.writeBytes(UPGRADE);
        out.writeBytes(head.headers().array(), head.upgradeStart(), head.upgradeLength());
        out.writeBytes(CRLF);
    }

    static void upgrade(ByteBuf out, byte[] protocol) {
        out.writeBytes(UPGRADE);
        out.writeBytes(protocol);
        out.writeBytes(CRLF);
    }

    static void webSocketKey(ByteBuf out, byte[] key) {
        out.writeBytes(KEY);
        out.writeBytes(key);
        out.writeBytes(CRLF);
    }

    static void statusLine(ByteBuf out, ResponseHead head) {
        int status = head.status();
        if (head.reasonLength() < 0) {
            out.writeBytes(STATUS_LINES[status]);
            return;
        }
        out.writeBytes(STATUS_LINE);
        out.writeByte('0' + status / 100);
        out.writeByte('0' + status / 10 % 10);
        out.writeByte('0' + status % 10);
        out.writeByte(' ');
        out.writeBytes(head.headers().array(), head.reasonStart(), head.reasonLength());
        out.writeBytes(CRLF);
    }

    static void contentLength(ByteBuf out, long length) {
        out.writeBytes(LENGTH);
        decimal(out, length);
        out.writeBytes(CRLF);
    }

    static void date(ByteBuf out, byte[] httpDate) {
        out.writeBytes(DATE);
        out.writeBytes(httpDate);
        out.writeBytes(CRLF);
    }

    /** Writes every field as a line. Neighbours whose lines stand in the block as they should are copied in one go. */
    static void fields(ByteBuf out, Headers headers) {
        byte[] block = headers.array();
        int runStart = 0;
        int runEnd = 0;
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            int nameStart = headers.nameStart(i);
            int valueStart = headers.valueStart(i);
            int valueEnd = valueStart + headers.valueLength(i);
            if (canonical(headers, block, i, valueStart, valueEnd)) {
                if (nameStart != runEnd) {
                    out.writeBytes(block, runStart, runEnd - runStart);
                    runStart = nameStart;
                }
                runEnd = valueEnd + 2;
            } else {
                out.writeBytes(block, runStart, runEnd - runStart);
                runStart = runEnd = 0;
                out.writeBytes(block, nameStart, headers.nameLength(i));
                out.writeByte(':');
                out.writeByte(' ');
                out.writeBytes(block, valueStart, valueEnd - valueStart);
                out.writeBytes(CRLF);
            }
        }
        out.writeBytes(block, runStart, runEnd - runStart);
    }

    // The line is "name: value CRLF" with nothing around the value, so it may be copied as it stands.
    private static boolean canonical(Headers headers, byte[] block, int position, int valueStart, int valueEnd) {
        int gap = valueStart - headers.nameStart(position) - headers.nameLength(position);
        return gap == 2
                && block[valueStart - 1] == ' '
                && valueEnd + 1 < headers.end()
                && block[valueEnd] == '\r'
                && block[valueEnd + 1] == '\n';
    }

    private static void decimal(ByteBuf out, long value) {
        long divisor = 1;
        while (value / divisor >= 10) {
            divisor *= 10;
        }
        for (long d = divisor; d > 0; d /= 10) {
            out.writeByte('0' + (int) (value / d % 10));
        }
    }

    /** Bytes that the fields need at the most. */
    static int maxLength(Headers headers) {
        return headers.end() + headers.size() * 4;
    }
}
