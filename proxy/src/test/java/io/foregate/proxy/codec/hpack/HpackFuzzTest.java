package io.foregate.proxy.codec.hpack;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import java.util.Arrays;

/**
 * Whatever a peer sends as field sections: nothing is thrown, what is kept stays within the limits and holds no byte that could
 * not stand in a line, and what was understood comes back the same when it is encoded and read again. With {@code JAZZER_FUZZ=1}
 * it looks for more inputs.
 */
final class HpackFuzzTest {
    private static final int MAX_BYTES = 2000;
    private static final int MAX_FIELDS = 40;

    /** Sections are cut where a byte 0xff 0x00 stands, so that what one leaves in the table meets the next. */
    @FuzzTest(maxDuration = "10m")
    void sectionsMeanOneThing(byte[] bytes) {
        HpackDecoder decoder = new HpackDecoder(512, MAX_BYTES, MAX_FIELDS);
        HpackEncoder encoder = new HpackEncoder(true);
        HpackDecoder next = new HpackDecoder(4096, 1 << 20, 1000);
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && !(bytes[end] == -1 && end + 1 < bytes.length && bytes[end + 1] == 0)) {
                end++;
            }
            Headers headers = new Headers();
            int[] pseudo = new int[1];
            HpackDecoder.Result result = decoder.decode(bytes, start, end, headers, (name, at, length) -> {
                pseudo[0]++;
                if (!Octets.isFieldValue(headers.array(), at, at + length)) {
                    throw new AssertionError("a value that can't be: " + Octets.string(headers.array(), at, length));
                }
                return true;
            });
            check(headers, pseudo[0]);
            if (result == HpackDecoder.Result.BROKEN) {
                return;
            }
            again(headers, encoder, next);
            start = end + 2;
        }
    }

    private static void check(Headers headers, int pseudo) {
        if (headers.size() + pseudo > MAX_FIELDS) {
            throw new AssertionError("more fields than allowed are kept");
        }
        byte[] block = headers.array();
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            int start = headers.nameStart(i);
            int nameEnd = start + headers.nameLength(i);
            int valueEnd = headers.valueStart(i) + headers.valueLength(i);
            boolean line = nameEnd > start
                    && headers.valueStart(i) == nameEnd + 2
                    && block[nameEnd] == ':'
                    && block[nameEnd + 1] == ' '
                    && block[valueEnd] == '\r'
                    && block[valueEnd + 1] == '\n'
                    && Octets.isFieldValue(block, nameEnd + 2, valueEnd);
            for (int at = start; at < nameEnd; at++) {
                line &= Octets.isToken(block[at]) && Octets.lower(block[at]) == block[at];
            }
            if (!line) {
                throw new AssertionError("not a line that HTTP/1 could send: " + headers);
            }
        }
    }

    private static void again(Headers headers, HpackEncoder encoder, HpackDecoder next) {
        byte[] out = new byte[HpackEncoder.maxLength(headers) + 16];
        Arrays.fill(out, (byte) 0x55);
        encoder.begin(out, 0);
        encoder.status(200);
        encoder.fields(headers);
        Headers read = new Headers();
        HpackDecoder.Result result = next.decode(out, 0, encoder.end(), read, (name, at, length) -> true);
        String expected = forwarded(headers);
        if (result != HpackDecoder.Result.OK || !read.toString().equals(expected)) {
            throw new AssertionError("read again as " + result + ":\n" + read + "\n----\n" + expected);
        }
    }

    private static String forwarded(Headers headers) {
        StringBuilder text = new StringBuilder();
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            switch (headers.nameString(i)) {
                case "host",
                        "connection",
                        "keep-alive",
                        "proxy-connection",
                        "transfer-encoding",
                        "upgrade",
                        "http2-settings",
                        "te" -> {}
                default ->
                    text.append(headers.nameString(i))
                            .append(": ")
                            .append(headers.valueString(i))
                            .append('\n');
            }
        }
        return text.toString();
    }
}
