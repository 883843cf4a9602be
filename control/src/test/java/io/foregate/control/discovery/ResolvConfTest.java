package io.foregate.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is understood of resolv.conf(5). */
final class ResolvConfTest {
    @Test
    void serversSearchAndDotsAreRead() {
        ResolvConf conf = ResolvConf.parse(List.of(
                "# a comment",
                "nameserver 10.0.0.53",
                "  nameserver\t2001:db8::53  ",
                "nameserver not-an-address",
                "domain old.example",
                "search svc.cluster.local. Cluster.local",
                "options edns0 ndots:5 timeout:1"));

        assertThat(conf.servers()).extracting(InetSocketAddress::getPort).containsOnly(53);
        assertThat(conf.servers())
                .extracting(server -> server.getAddress().getHostAddress())
                .containsExactly("10.0.0.53", "2001:db8:0:0:0:0:0:53");
        assertThat(conf.search()).containsExactly("svc.cluster.local", "cluster.local");
        assertThat(conf.dots()).isEqualTo(5);
    }

    @Test
    void namesWithFewDotsAreCompletedFirst() {
        ResolvConf conf = ResolvConf.parse(List.of("search a.test b.test", "options ndots:2"));

        assertThat(conf.candidates("api")).containsExactly("api.a.test", "api.b.test", "api");
        assertThat(conf.candidates("api.svc")).containsExactly("api.svc.a.test", "api.svc.b.test", "api.svc");
        assertThat(conf.candidates("api.svc.local"))
                .containsExactly("api.svc.local", "api.svc.local.a.test", "api.svc.local.b.test");
        assertThat(conf.candidates("api.")).containsExactly("api");
    }

    @Test
    void withoutAFileThisMachineIsAsked() {
        ResolvConf conf = ResolvConf.read(Path.of("/no/such/file"));
        assertThat(conf.servers().getFirst().getAddress().isLoopbackAddress()).isTrue();
        assertThat(conf.candidates("api")).containsExactly("api");
    }
}
