package io.foregate.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "192.0.2.1:80, 192.0.2.1",
        "192.0.2.1:65535, 192.0.2.1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8::1, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8:0000:0001:0000:0000:0000:0001, 2001:db8:0:1::1",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "0:0:3:4:5:6:0:0, ::3:4:5:6:0:0",
        "[2001:db8::1], 2001:db8::1",
        "[2001:db8::1]:443, 2001:db8::1",
        "[::1]:0, ::1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "[::ffff:192.0.2.1]:80, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::1.2.3.4, ::102:304"
    })
    void readsAndWritesCanonically(String text, String canonical) {
        ClientAddress address = new ClientAddress();
        assertThat(parse(address, text)).isTrue();
        assertThat(address).hasToString(canonical);
        assertThat(address.text()).hasSize(canonical.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "_hidden",
                "_hidden:80",
                "localhost",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.",
                ".1.2.3.4",
                "1..2.3",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.4:",
                "1.2.3.4:65536",
                "1.2.3.4:80a",
                "1.2.3.4:_port",
                "1.2.3.4:000080",
                "0x1.2.3.4",
                "1.2.3.-4",
                "[1.2.3.4]",
                "[1.2.3.4]:80",
                ":",
                ":::",
                ":1",
                "1:",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "g::1",
                "fe80::1%eth0",
                "[::1",
                "::1]",
                "[::1]80",
                "[::1]:",
                "[]",
                "[",
                "[]:80",
                "::1.2.3",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::ffff:1.2.3.4.5",
                "::1:",
                "1.2.3.4,5.6.7.8"
            })
    void refusesWhatIsNoAddressAndStaysAsItWas(String text) {
        ClientAddress address = new ClientAddress();
        parse(address, "192.0.2.1");
        assertThat(parse(address, text)).isFalse();
        assertThat(address).hasToString("192.0.2.1");
    }

    @Test
    void readsWithinLargerBlocks() {
        byte[] block = Octets.ascii("for=192.0.2.1;x");
        ClientAddress address = new ClientAddress();
        assertThat(address.parse(block, 4, 9)).isTrue();
        assertThat(address).hasToString("192.0.2.1");
    }

    @Test
    void mappedAddressesAreTheirIpv4() throws Exception {
        ClientAddress plain = new ClientAddress();
        plain.set(InetAddress.getByName("192.0.2.1"));
        ClientAddress mapped = new ClientAddress();
        parse(mapped, "::ffff:192.0.2.1");
        assertThat(plain.sameAs(mapped)).isTrue();
        assertThat(mapped.isIpv4()).isTrue();
        assertThat(mapped.ipv4()).isEqualTo(0xc0000201);
    }

    @Test
    void agreesWithTheJdkOnRandomAddresses() throws Exception {
        Random random = new Random(20_251);
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[16];
            for (int i = 0; i < 16; i += 2) {
                // Many zero groups, so that gaps of every kind occur.
                if (random.nextInt(3) > 0) {
                    octets[i] = (byte) (random.nextInt(3) == 0 ? 0 : random.nextInt());
                    octets[i + 1] = (byte) random.nextInt();
                }
            }
            InetAddress jdk = InetAddress.getByAddress(octets);
            ClientAddress address = new ClientAddress();
            address.set(jdk);
            assertThat(InetAddress.getByName(address.toString())).isEqualTo(jdk);
            ClientAddress again = new ClientAddress();
            assertThat(parse(again, address.toString())).isTrue();
            assertThat(again.sameAs(address)).as(address.toString()).isTrue();
            ClientAddress fromJdkText = new ClientAddress();
            assertThat(parse(fromJdkText, jdk.getHostAddress())).isTrue();
            assertThat(fromJdkText.sameAs(address)).isTrue();
        }
    }

    @Test
    void copiesAreIndependent() {
        ClientAddress one = new ClientAddress();
        parse(one, "192.0.2.1");
        ClientAddress copy = new ClientAddress();
        copy.copyFrom(one);
        byte[] text = copy.text();
        parse(one, "::1");
        assertThat(copy).hasToString("192.0.2.1");
        assertThat(copy.text()).isSameAs(text);
    }

    private static boolean parse(ClientAddress address, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return address.parse(bytes, 0, bytes.length);
    }
}
