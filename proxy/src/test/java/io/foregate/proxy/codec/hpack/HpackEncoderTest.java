package io.foregate.proxy.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is encoded is read back the same, takes little, and keeps secrets out of the table. */
final class HpackEncoderTest {
    private final HpackEncoder encoder = new HpackEncoder(true);
    private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20, 10_000);
    private final byte[] out = new byte[1 << 20];

    private int encode(int status, Headers headers) {
        encoder.begin(out, 0);
        encoder.status(status);
        encoder.fields(headers);
        assertThat(encoder.end()).isLessThanOrEqualTo(HpackEncoder.maxLength(headers));
        return encoder.end();
    }

    private String decode(int length) {
        Headers headers = new Headers();
        StringBuilder text = new StringBuilder();
        HpackDecoder.Result result = decoder.decode(out, 0, length, headers, (name, start, bytes) -> {
            text.append(name).append('=').append(Octets.string(headers.array(), start, bytes)).append('\n');
            return true;
        });
        assertThat(result).isEqualTo(HpackDecoder.Result.OK);
        return text + headers.toString();
    }

    private static Headers headers(String... fields) {
        Headers headers = new Headers();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(HeaderName.of(fields[i]), fields[i + 1]);
        }
        return headers;
    }

    @Test
    void whatIsSaidAgainTakesOneByte() {
        Headers headers = headers("Server", "x", "X-Frame-Options", "DENY", "Content-Type", "text/html; charset=utf-8");
        String text = "5=200\nserver: x\nx-frame-options: DENY\ncontent-type: text/html; charset=utf-8\n";
        int first = encode(200, headers);
        assertThat(decode(first)).isEqualTo(text);
        assertThat(decode(encode(200, headers))).isEqualTo(text);
        int third = encode(200, headers);
        assertThat(third).isEqualTo(4);
        assertThat(decode(third)).isEqualTo(text);
    }

    @Test
    void secretsAreNeverIndexed() {
        Headers headers = headers("Set-Cookie", "a=1", "Authorization", "Basic eA==");
        for (int i = 0; i < 5; i++) {
            int length = encode(200, headers);
            assertThat(out[1]).as("never indexed, with the static table's name").isEqualTo((byte) 0x1f);
            assertThat(decode(length)).isEqualTo("5=200\nset-cookie: a=1\nauthorization: Basic eA==\n");
        }
    }

    @Test
    void namesUnknownToForegateAreNotIndexedWhereClientsShareAConnection() {
        HpackEncoder shared = new HpackEncoder(false);
        int length = 0;
        for (int i = 0; i < 5; i++) {
            shared.begin(out, 0);
            shared.fields(headers("X-Token", "secret"));
            length = shared.end();
        }
        assertThat(length).isGreaterThan("x-tokensecret".length());
        assertThat(decode(length)).isEqualTo("x-token: secret\n");
    }

    @Test
    void hopByHopFieldsAreLeftOut() {
        Headers headers = headers("Connection", "close", "Host", "a", "Transfer-Encoding", "chunked", "Vary", "b");
        assertThat(decode(encode(204, headers))).isEqualTo("5=204\nvary: b\n");
    }

    @Test
    void aSmallerTableOfThePeersIsObeyedAndTold() {
        Headers headers = headers("Server", "x", "Via", "y");
        decode(encode(200, headers));
        decode(encode(200, headers));
        encoder.peerTableBytes(0);
        encoder.peerTableBytes(64);
        decoder.maxTableBytes(64);
        for (int i = 0; i < 4; i++) {
            assertThat(decode(encode(200, headers))).isEqualTo("5=200\nserver: x\nvia: y\n");
        }
    }

    @Test
    void randomHeadsComeBackTheSame() {
        Random random = new Random(7);
        List<String> names = new ArrayList<>(List.of("Server", "Date", "ETag", "Set-Cookie", "Vary", "Allow", "X-Request-Id"));
        for (int i = 0; i < 40; i++) {
            names.add("x-" + Integer.toString(random.nextInt(1 << 20), 36));
        }
        for (int round = 0; round < 5_000; round++) {
            if (random.nextInt(200) == 0) {
                int size = random.nextInt(5000);
                encoder.peerTableBytes(size);
                decoder.maxTableBytes(Math.min(size, 4096));
            }
            StringBuilder expected = new StringBuilder();
            int status = 200 + random.nextInt(300);
            expected.append("5=").append(status).append('\n');
            Headers headers = new Headers();
            for (int i = random.nextInt(12); i > 0; i--) {
                String name = names.get(random.nextInt(names.size()));
                String value = "v".repeat(random.nextInt(4) == 0 ? random.nextInt(700) : random.nextInt(20)) + random.nextInt(3);
                headers.add(HeaderName.of(name), value);
                expected.append(name.toLowerCase(java.util.Locale.ROOT)).append(": ").append(value).append('\n');
            }
            assertThat(decode(encode(status, headers))).isEqualTo(expected.toString());
        }
    }
}
