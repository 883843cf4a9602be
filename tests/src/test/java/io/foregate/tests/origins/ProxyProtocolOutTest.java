package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nginx behind Foregate is told of clients by the PROXY protocol. */
@Execution(ExecutionMode.CONCURRENT)
final class ProxyProtocolOutTest {
    private static final String SEEN =
            "location / { return 200 \"$proxy_protocol_addr|$proxy_protocol_port|$proxy_protocol_server_port|$connection|\"; }";

    @TempDir
    private Path folder;

    private static String[] seen(Wire client) throws IOException {
        return client.get("/").text().split("\\|");
    }

    private Configured proxy(Nginx nginx, String more) throws Exception {
        return Configured.start(folder, """
            listeners: { main: { address: "127.0.0.1:0", proxy-protocol: { mode: optional, from: 127.0.0.1 } } }
            logs: { access: off }
            sites: { "*": web }
            pools: { web: { servers: ["127.0.0.1:%d"], %s } }
            """.formatted(nginx.port(0), more));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void theOriginHearsOfTheClient(String version) throws Exception {
        try (Nginx nginx = Nginx.start(folder, "listen PORT proxy_protocol;\n" + SEEN);
                Configured proxy = proxy(nginx, "proxy-protocol: " + version);
                Wire client = proxy.client("main")) {
            String[] seen = seen(client);
            assertThat(seen[0]).isEqualTo("127.0.0.1");
            assertThat(seen[2]).isEqualTo(String.valueOf(proxy.port("main")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2"})
    void whatALoadBalancerHasSaidIsPassedOn(String version) throws Exception {
        try (Nginx nginx = Nginx.start(folder, "listen PORT proxy_protocol;\n" + SEEN);
                Configured proxy = proxy(nginx, "proxy-protocol: " + version);
                Wire client = proxy.client("main")) {
            client.send("PROXY TCP6 2001:db8::7 2001:db8::1 50000 443\r\n".getBytes(StandardCharsets.US_ASCII));
            String[] seen = seen(client);
            assertThat(seen[0]).isEqualTo("2001:db8::7");
            assertThat(seen[1]).isEqualTo("50000");
            assertThat(seen[2]).isEqualTo("443");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy-protocol: v2", "proxy-protocol: v2, protocol: h2"})
    void aConnectionServesOneClientOnly(String settings) throws Exception {
        String http2 = settings.contains("h2") ? " http2" : "";
        try (Nginx nginx = Nginx.start(folder, "listen PORT proxy_protocol" + http2 + ";\n" + SEEN);
                Configured proxy = proxy(nginx, settings);
                Wire one = proxy.client("main");
                Wire other = proxy.client("main")) {
            String first = seen(one)[3];
            String second = seen(other)[3];
            assertThat(second).isNotEqualTo(first);
            assertThat(seen(one)[3]).isEqualTo(first);
            assertThat(seen(other)[3]).isEqualTo(second);
        }
    }

    @Test
    void theHeaderStandsBeforeTls() throws Exception {
        new Authority(folder, "ours").issue("good", "DNS:localhost,IP:127.0.0.1");
        String listen =
                "listen PORT ssl proxy_protocol; ssl_certificate DIR/good.pem; ssl_certificate_key DIR/good.key;\n";
        try (Nginx nginx = Nginx.start(folder, listen + SEEN);
                Configured proxy = Configured.start(folder, """
                    listeners: { main: "127.0.0.1:0" }
                    sites: { "*": web }
                    pools: { web: { servers: ["https://127.0.0.1:%d"], tls: ours.pem, proxy-protocol: v2 } }
                    """.formatted(nginx.port(0)));
                Wire client = proxy.client("main")) {
            assertThat(seen(client)[0]).isEqualTo("127.0.0.1");
        }
    }
}
