package io.foregate.proxy.codec;

import static io.foregate.proxy.codec.ProxyHeaders.addresses;
import static io.foregate.proxy.codec.ProxyHeaders.join;
import static io.foregate.proxy.codec.ProxyHeaders.sealed;
import static io.foregate.proxy.codec.ProxyHeaders.text;
import static io.foregate.proxy.codec.ProxyHeaders.tlv;
import static io.foregate.proxy.codec.ProxyHeaders.understood;
import static io.foregate.proxy.codec.ProxyHeaders.v2;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderReaderTest {
    private static final byte[] IPV4 = addresses("192.0.2.7", "198.51.100.1", 50000, 443);
    private static final byte[] IPV6 = addresses("2001:db8::7", "2001:db8::1", 1, 65535);

    /** Whole, and with every part of it being no more than a beginning. */
    private static String whole(byte[] header) {
        for (int length = 0; length < header.length; length++) {
            assertThat(understood(header, length)).as("%s bytes", length).isEqualTo("MORE");
        }
        String understood = understood(header, header.length);
        assertThat(understood(join(header, text("GET / HTTP/1.1\r\n")), header.length + 10))
                .isEqualTo(understood);
        return understood;
    }

    /** How it ends, byte after byte. */
    private static String ending(byte[] bytes) {
        for (int length = 0; length <= bytes.length; length++) {
            String understood = understood(bytes, length);
            if (!understood.equals("MORE")) {
                return understood.split(" ", 2)[0] + " at " + length;
            }
        }
        return "MORE";
    }

    @Test
    void versionOneTellsBothAddresses() {
        assertThat(whole(text("PROXY TCP4 192.0.2.7 198.51.100.1 50000 443\r\n")))
                .isEqualTo("45 v1 /192.0.2.7:50000 /198.51.100.1:443 0 false");
        assertThat(whole(text("PROXY TCP6 2001:db8::7 ::1 0 65535\r\n")))
                .isEqualTo("36 v1 /[2001:db8:0:0:0:0:0:7]:0 /[0:0:0:0:0:0:0:1]:65535 0 false");
        assertThat(whole(text("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.8 1 2\r\n")))
                .isEqualTo("50 v1 /192.0.2.7:1 /192.0.2.8:2 0 false");
    }

    @Test
    void versionOneMayKnowNothing() {
        assertThat(whole(text("PROXY UNKNOWN\r\n"))).isEqualTo("15 v1 null null 0 false");
        assertThat(whole(text("PROXY UNKNOWN ffff:f...f:ffff whatever  65535\r\n")))
                .isEqualTo("47 v1 null null 0 false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \r\n",
                "PROXY TCP4\r\n",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 50000 443\r\n",
                "PROXY TCP4 192.0.2.7  198.51.100.1 50000 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 443 \r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 443 1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000\r\n",
                "PROXY TCP4 192.0.2.07 198.51.100.1 50000 443\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 50000 443\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 50000 443\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 50000 443\r\n",
                "PROXY TCP4 192.0.2.7:1 198.51.100.1 50000 443\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 50000 443\r\n",
                "PROXY TCP6 192.0.2.7:1 198.51.100.1:2 50000 443\r\n",
                "PROXY TCP6 [2001:db8::7] 2001:db8::1 50000 443\r\n",
                "PROXY TCP6 fe80::1%1 2001:db8::1 50000 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 65536\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 050000 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 +1 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1  443\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 50000 443\r\n",
                "PROXY tcp4 192.0.2.7 198.51.100.1 50000 443\r\n",
                "PROXY unknown\r\n",
                "PROXY TCP4\t192.0.2.7 198.51.100.1 50000 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 443\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 443\r\r\n",
            })
    void versionOneHasOneSpelling(String line) {
        assertThat(ending(text(line))).startsWith("FAILED");
    }

    @Test
    void versionOneEndsWithin107Bytes() {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n";
        assertThat(whole(text(longest))).startsWith("107 v1");
        assertThat(ending(text("PROXY UNKNOWN " + "x".repeat(108)))).isEqualTo("FAILED at 107");
        assertThat(ending(text("PROXY UNKNOWN " + "x".repeat(92) + "\r\n"))).isEqualTo("FAILED at 107");
    }

    @Test
    void versionTwoTellsBothAddresses() {
        assertThat(whole(v2(0x21, 0x11, IPV4))).isEqualTo("28 v2 /192.0.2.7:50000 /198.51.100.1:443 0 false");
        assertThat(whole(v2(0x21, 0x21, IPV6)))
                .isEqualTo("52 v2 /[2001:db8:0:0:0:0:0:7]:1 /[2001:db8:0:0:0:0:0:1]:65535 0 false");
    }

    @Test
    void versionTwoMaySpeakForTheLoadBalancerItselfOrForAClientWithoutAnAddress() {
        assertThat(whole(v2(0x20, 0x00))).isEqualTo("16 v2 null null 0 false");
        assertThat(whole(v2(0x20, 0xff, new byte[] {1, 2, 3}))).isEqualTo("19 v2 null null 0 false");
        assertThat(whole(v2(0x21, 0x00))).isEqualTo("16 v2 null null 0 false");
        assertThat(whole(v2(0x21, 0x31, new byte[216], tlv(ProxyInfo.UNIQUE_ID, text("x")))))
                .isEqualTo("236 v2 null null 4 false");
    }

    @Test
    void versionTwoKeepsItsEntriesButForChecksumAndPadding() {
        byte[] ssl = tlv(ProxyInfo.SSL, new byte[] {1, 0, 0, 0, 0}, tlv(0x21, text("TLSv1.3")));
        byte[] entries = join(
                tlv(ProxyInfo.ALPN, text("h2")),
                tlv(ProxyInfo.NOOP, new byte[40]),
                tlv(ProxyInfo.AUTHORITY, text("app.example.com")),
                tlv(ProxyInfo.UNIQUE_ID, new byte[128]),
                ssl,
                tlv(0xee));
        byte[] checksum = tlv(ProxyInfo.CRC32C, new byte[4]);
        byte[] header = v2(0x21, 0x11, IPV4, checksum, entries);
        byte[] sealed = sealed(header, 16 + IPV4.length + 3);
        assertThat(whole(sealed)).endsWith(" " + (entries.length - 43) + " true");

        ProxyHeaderReader reader = new ProxyHeaderReader();
        reader.read(Unpooled.wrappedBuffer(sealed));
        ProxyInfo info = reader.info();
        assertThat(info.tlv(ProxyInfo.ALPN)).isEqualTo(text("h2"));
        assertThat(info.tlv(ProxyInfo.AUTHORITY)).isEqualTo(text("app.example.com"));
        assertThat(info.tlv(ProxyInfo.UNIQUE_ID)).hasSize(128);
        assertThat(info.tlv(0xee)).isEmpty();
        assertThat(info.tlv(ProxyInfo.NETNS)).isNull();
        assertThat(info.tlv(ProxyInfo.CRC32C)).isNull();

        sealed[20] ^= 1;
        assertThat(ending(sealed)).isEqualTo("FAILED at " + sealed.length);
    }

    @Test
    void versionTwoIsRefusedAsSoonAsItIsWrong() {
        byte[] nothing = {};
        assertThat(ending(v2(0x11, 0x11, IPV4))).isEqualTo("FAILED at 13");
        assertThat(ending(v2(0x22, 0x11, IPV4))).isEqualTo("FAILED at 13");
        assertThat(ending(v2(0x21, 0x12, IPV4))).isEqualTo("FAILED at 16");
        assertThat(ending(v2(0x21, 0x41, IPV4))).isEqualTo("FAILED at 16");
        assertThat(ending(v2(0x21, 0x01, nothing))).isEqualTo("FAILED at 16");
        assertThat(ending(v2(0x21, 0x21, IPV4))).isEqualTo("FAILED at 16");
        assertThat(ending(v2(0x21, 0x11, new byte[16 * 1024 - 15]))).isEqualTo("FAILED at 16");
        assertThat(ending(v2(0x20, 0x00, new byte[0xffff]))).isEqualTo("FAILED at 16");
    }

    @Test
    void versionTwoEntriesFitExactly() {
        for (byte[] entries : new byte[][] {
            {1},
            {1, 0},
            {1, 0, 1},
            {1, 0, 0, 1},
            tlv(ProxyInfo.CRC32C, new byte[5]),
            tlv(ProxyInfo.UNIQUE_ID, new byte[129]),
            tlv(ProxyInfo.SSL, new byte[4]),
            tlv(ProxyInfo.SSL, new byte[6]),
            tlv(ProxyInfo.SSL, new byte[5], new byte[] {0x21, 0, 9}),
        }) {
            byte[] header = v2(0x21, 0x11, IPV4, entries);
            assertThat(ending(header)).isEqualTo("FAILED at " + header.length);
        }
    }

    @Test
    void whatIsNoHeaderIsSeenAtTheFirstByteThatDiffers() {
        assertThat(ending(text("GET / HTTP/1.1\r\n"))).isEqualTo("NONE at 1");
        assertThat(ending(text("PRI * HTTP/2.0\r\n"))).isEqualTo("NONE at 3");
        assertThat(ending(text("PROPFIND / HTTP/1.1\r\n"))).isEqualTo("NONE at 4");
        assertThat(ending(text("PROXYING / HTTP/1.1\r\n"))).isEqualTo("NONE at 6");
        assertThat(ending(text("\r\nGET / HTTP/1.1\r\n"))).isEqualTo("NONE at 3");
        assertThat(ending(new byte[] {0x16, 3, 1})).isEqualTo("NONE at 1");
    }
}
