package io.foregate.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.spi.DiscoveredServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of answers. */
final class AnswersTest {
    private static final InetAddress FOUR_1 = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress FOUR_2 = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress FOUR_3 = InetAddress.ofLiteral("192.0.2.3");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::1");

    @TempDir
    Path folder;

    @Test
    void familiesTakeTurns() {
        List<InetAddress> all = List.of(FOUR_1, FOUR_2, FOUR_3, SIX);
        assertThat(DnsNames.interleaved(all, true)).containsExactly(SIX, FOUR_1, FOUR_2, FOUR_3);
        assertThat(DnsNames.interleaved(all, false)).containsExactly(FOUR_1, SIX, FOUR_2, FOUR_3);
        assertThat(DnsNames.interleaved(List.of(), true)).isEmpty();
    }

    @Test
    void theTimeToLiveCountsWithinBounds() {
        assertThat(Pace.DEFAULT.after(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Pace.DEFAULT.after(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(Pace.DEFAULT.after(Duration.ofDays(1))).isEqualTo(Duration.ofMinutes(5));
        assertThat(Pace.DEFAULT.every(Duration.ofSeconds(7)).after(Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void weightsOfServiceRecordsKeepTheirProportion() {
        List<DiscoveredServer> servers = SrvDiscovery.servers(
                List.of(
                        new ServiceRecord(1, 0, 81, "b.test"),
                        new ServiceRecord(0, 60000, 80, "a.test"),
                        new ServiceRecord(0, 30000, 80, "c.test"),
                        new ServiceRecord(0, 1, 80, "")),
                true);

        assertThat(servers)
                .containsExactly(
                        new DiscoveredServer("a.test", 80, "", true, 100, 0, ""),
                        new DiscoveredServer("c.test", 80, "", true, 50, 0, ""),
                        new DiscoveredServer("b.test", 81, "", true, 1, 1, ""));
    }

    @Test
    void theHostsFileComesFirstAndIsReadAgainWhenItChanges() throws Exception {
        Path hosts =
                Files.writeString(folder.resolve("hosts"), "192.0.2.1 Api.test api # here\n2001:db8::1 api.test\n");
        DnsSettings settings = new DnsSettings(List.of(), Duration.ofMillis(50), hosts, folder.resolve("resolv.conf"));
        try (DnsNames names = new DnsNames(settings)) {
            assertThat(names.addresses("API.test", NameLookup.Family.ANY).addresses())
                    .containsExactlyInAnyOrder(FOUR_1, SIX);
            assertThat(names.addresses("api.test.", NameLookup.Family.IPV6).addresses())
                    .containsExactly(SIX);
            Files.writeString(hosts, "192.0.2.22 api.test\n");
            assertThat(names.addresses("api.test", NameLookup.Family.ANY).addresses())
                    .containsExactly(InetAddress.ofLiteral("192.0.2.22"));
        }
    }
}
