package io.foregate.proxy.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7541 appendix C, and what a peer may not send. */
final class HpackDecoderTest {
    private final Headers headers = new Headers();
    private final StringBuilder pseudo = new StringBuilder();
    private HpackDecoder decoder = new HpackDecoder(4096, 8192, 100);

    private HpackDecoder.Result decode(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        headers.clear();
        pseudo.setLength(0);
        return decoder.decode(bytes, 0, bytes.length, headers, (name, start, length) -> {
            pseudo.append(name).append('=').append(Octets.string(headers.array(), start, length)).append(' ');
            return name != PseudoName.UNKNOWN;
        });
    }

    private void expect(String hex, String pseudoFields, String fields) {
        assertThat(decode(hex)).isEqualTo(HpackDecoder.Result.OK);
        assertThat(pseudo.toString().strip()).isEqualTo(pseudoFields);
        assertThat(headers.toString()).isEqualTo(fields);
    }

    @Test
    void literalsAndIndexedFieldsAreRead() {
        expect("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "", "custom-key: custom-header\n");
        expect("040c 2f73 616d 706c 652f 7061 7468", "3=/sample/path", "");
        expect("1008 7061 7373 776f 7264 0673 6563 7265 74", "", "password: secret\n");
        expect("82", "2=GET", "");
    }

    @Test
    void requestsWithoutHuffmanCodeAreRead() {
        expect("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "2=GET 4=http 3=/ 1=www.example.com", "");
        expect("8286 84be 5808 6e6f 2d63 6163 6865", "2=GET 4=http 3=/ 1=www.example.com", "cache-control: no-cache\n");
        expect(
                "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
                "2=GET 4=https 3=/index.html 1=www.example.com",
                "custom-key: custom-value\n");
    }

    @Test
    void requestsInHuffmanCodeAreRead() {
        expect("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "2=GET 4=http 3=/ 1=www.example.com", "");
        expect("8286 84be 5886 a8eb 1064 9cbf", "2=GET 4=http 3=/ 1=www.example.com", "cache-control: no-cache\n");
        expect(
                "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
                "2=GET 4=https 3=/index.html 1=www.example.com",
                "custom-key: custom-value\n");
    }

    @Test
    void responsesThatEvictAreRead() {
        decoder = new HpackDecoder(256, 8192, 100);
        expect(
                "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32"
                        + "3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
                "5=302",
                "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n");
        expect(
                "4803 3330 37c1 c0bf",
                "5=307",
                "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n");
        expect(
                "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738"
                        + "666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61"
                        + "6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
                "5=200",
                "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n"
                        + "content-encoding: gzip\n"
                        + "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n");
    }

    @Test
    void responsesInHuffmanCodeThatEvictAreRead() {
        decoder = new HpackDecoder(256, 8192, 100);
        expect(
                "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad"
                        + "1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
                "5=302",
                "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n");
        expect(
                "4883 640e ffc1 c0bf",
                "5=307",
                "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n");
        expect(
                "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7"
                        + "b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
                "5=200",
                "cache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n"
                        + "content-encoding: gzip\n"
                        + "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n");
    }

    @Test
    void brokenCompressionIsRefused() {
        assertThat(decode("80")).as("index 0").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("be")).as("an entry that isn't there").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("ff80 8080 8080 01")).as("an endless integer").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("ffff ffff ff0f")).as("an integer beyond 32 bits").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("040c 2f73")).as("a string that ends early").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("04")).as("no value").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("3fe2 1f")).as("a table of 4097 bytes").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("8220")).as("an update behind a field").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("0484 ffff ffff")).as("the end-of-string code").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("0482 1fff")).as("padding of more than 7 bits").isEqualTo(HpackDecoder.Result.BROKEN);
        assertThat(decode("0481 18")).as("padding with zeros").isEqualTo(HpackDecoder.Result.BROKEN);
    }

    @Test
    void aSmallerTableThatWasAcknowledgedHasToBeUsed() {
        decoder.maxTableBytes(100);
        assertThat(decode("82")).isEqualTo(HpackDecoder.Result.BROKEN);
        decoder.maxTableBytes(100);
        assertThat(decode("3f45 82")).as("100 bytes").isEqualTo(HpackDecoder.Result.OK);
        assertThat(decode("82")).isEqualTo(HpackDecoder.Result.OK);
    }

    @Test
    void namesAndValuesThatMayNotBeAreMalformedEvenFromTheTable() {
        assertThat(decode("4001 4101 62")).as("an upper-case name").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("be")).as("the same from the table").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("7e01 63")).as("its name with another value").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("4001 6101 0a")).as("a line feed").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("0f2f 01 62")).as("that name with a good value").isEqualTo(HpackDecoder.Result.OK);
        assertThat(decode("4001 6102 2062")).as("a blank in front").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("4000 0162")).as("an empty name").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("0001 6101 6282")).as("a pseudo-field behind").isEqualTo(HpackDecoder.Result.MALFORMED);
        assertThat(decode("0002 3a61 0162")).as("an unknown pseudo-field").isEqualTo(HpackDecoder.Result.MALFORMED);
    }

    @Test
    void whatIsBeyondTheLimitsIsNotKeptButTheTableGoesAlong() {
        decoder = new HpackDecoder(4096, 100, 5);
        StringBuilder bomb = new StringBuilder("4001 61 7f 81 01").append("62".repeat(127 + 129));
        assertThat(decode(bomb.toString())).isEqualTo(HpackDecoder.Result.TOO_LARGE);
        assertThat(headers.end()).isZero();
        assertThat(decode("be".repeat(10_000))).isEqualTo(HpackDecoder.Result.TOO_LARGE);
        assertThat(headers.end()).isZero();
        assertThat(decode("40 01 63 01 64 be be be")).isEqualTo(HpackDecoder.Result.OK);
        assertThat(headers.toString()).isEqualTo("c: d\nc: d\nc: d\nc: d\n");
        assertThat(decode("be be be be be be")).as("six fields").isEqualTo(HpackDecoder.Result.TOO_LARGE);
    }
}
