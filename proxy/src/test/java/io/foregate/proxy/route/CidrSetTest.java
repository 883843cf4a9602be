package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.foregate.api.message.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrSetTest {
    @Test
    void containsItsRangesAndNothingElse() {
        CidrSet set = CidrSet.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/33", "::1");
        assertThat(contained(set, "10.0.0.0", "10.255.255.255", "192.0.2.7", "2001:db8::5", "::1", "::ffff:10.1.2.3"))
                .isEqualTo(6);
        assertThat(contained(set, "9.255.255.255", "11.0.0.0", "192.0.2.6", "192.0.2.8", "2001:db8:8000::", "::2"))
                .isZero();
    }

    @Test
    void wholeFamiliesAreApart() {
        assertThat(contained(CidrSet.of("::/0"), "::1", "ffff::", "8000::1")).isEqualTo(3);
        assertThat(contained(CidrSet.of("::/0"), "10.0.0.1")).isZero();
        assertThat(contained(CidrSet.of("0.0.0.0/0"), "10.0.0.1", "255.255.255.255"))
                .isEqualTo(2);
        assertThat(contained(CidrSet.of("0.0.0.0/0"), "::1")).isZero();
        assertThat(contained(CidrSet.of("::ffff:10.0.0.0/104"), "10.9.9.9")).isEqualTo(1);
    }

    @Test
    void nestedRangesInAnyOrderAreOneRange() {
        assertThat(CidrSet.of("10.0.0.0/16", "10.0.0.0/8", "10.1.0.0/16")).isEqualTo(CidrSet.of("10.0.0.0/8"));
        assertThat(contained(CidrSet.of("10.0.0.0/16", "10.0.0.0/8"), "10.200.0.1"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8 | write 10.0.0.0/8 for the range, or 10.0.0.1 for the one address",
                "2001:db8::1/32 | write 2001:db8::/32 for the range, or 2001:db8::1 for the one address",
                "10.0.0.0/33 | must be 0 to 32",
                "::/129 | must be 0 to 128",
                "10.0.0.0/08 | must be 0 to 32",
                "10.0.0.0/ | must be 0 to 32",
                "10.0.0.0/-1 | must be 0 to 32",
                "10.0.0.0/8/8 | must be 0 to 32",
                "::ffff:0.0.0.0/95 | mixes IPv4 and IPv6",
                "10.0.0/8 | is not an address range",
                "localhost | is not an address range",
                "10.0.0.1:80 | is not an address range",
                "[::1]/128 | is not an address range"
            })
    void saysWhatIsWrongWithARange(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> CidrSet.of(text)).withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 3000})
    void agreesWithComparingEveryRange(int ranges) {
        Random random = new Random(ranges);
        List<String> texts = new ArrayList<>();
        List<long[]> naive = new ArrayList<>();
        for (int i = 0; i < ranges; i++) {
            int bits = 4 + random.nextInt(29);
            long mask = 0xffff_ffffL << (32 - bits) & 0xffff_ffffL;
            long first = random.nextInt() & mask;
            texts.add((first >> 24) + "." + (first >> 16 & 255) + "." + (first >> 8 & 255) + "." + (first & 255) + "/"
                    + bits);
            naive.add(new long[] {first, mask});
        }
        CidrSet set = CidrSet.of(texts);
        ClientAddress client = new ClientAddress();
        for (int i = 0; i < 20_000; i++) {
            long probe = random.nextInt() & 0xffff_ffffL;
            if (i % 2 == 0) {
                long[] near = naive.get(random.nextInt(ranges));
                probe = near[0] + (random.nextBoolean() ? -1 : ~near[1] & 0xffff_ffffL) + random.nextInt(2)
                        & 0xffff_ffffL;
            }
            client.set(0, 0xffff_0000_0000L | probe);
            long asked = probe;
            assertThat(set.contains(client))
                    .as(client.toString())
                    .isEqualTo(naive.stream().anyMatch(r -> (asked & r[1]) == r[0]));
        }
    }

    @Test
    void knowsWhetherSetsAreDisjoint() {
        assertThat(CidrSet.of("10.0.0.0/8").disjoint(CidrSet.of("11.0.0.0/8", "::/0")))
                .isTrue();
        assertThat(CidrSet.of("10.0.0.0/8").disjoint(CidrSet.of("10.1.0.0/16"))).isFalse();
        assertThat(CidrSet.of("2001:db8::1").disjoint(CidrSet.of("2001:db8::/32")))
                .isFalse();
    }

    private static int contained(CidrSet set, String... addresses) {
        int count = 0;
        for (String address : addresses) {
            count += set.contains(Requests.client(address)) ? 1 : 0;
        }
        return count;
    }
}
