package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin API isn't open to those whom nobody asked. */
final class AdminConfigTest {
    private static final String SERVES = "sites: { a: { routes: { /*: { respond: 200 } } } }\n";
    private static final String TOKENS = "tokens: { me: { role: read, secret: \"env:TOKEN\" } }";
    private static final String TLS = "tls: { cert: a.pem, key: a.key }";

    private static Loaded load(String admin) {
        return ConfigLoader.load("test.yaml", SERVES + "admin: " + admin + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "unix:/run/a.sock", "unix:a.sock"})
    void whatOnlyItsOwnerReachesIsFine(String address) {
        assertThat(load("\"" + address + "\"")).isInstanceOf(Loaded.Ok.class);
        assertThat(load("\"" + address + "\"").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9900", "localhost:9900", "[::1]:9900", "127.8.9.1:0"})
    void anOpenPortOfThisMachineIsAWarning(String address) {
        assertThat(Configs.warnings(SERVES + "admin: \"" + address + "\"\n"))
                .containsExactly(
                        "test.yaml:2:8 admin: every user and every process of this machine may change this proxy;"
                                + " listen on unix:PATH, or add tokens:");
        assertThat(load("{ listen: \"" + address + "\", " + TOKENS + " }").warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {":9900", "0.0.0.0:9900", "10.0.0.1:9900", "[::]:9900", "[::ffff:10.0.0.1]:9900"})
    void whatOtherMachinesReachNeedsTokensAndTls(String address) {
        assertThat(load("\"" + address + "\"")).isInstanceOf(Loaded.Invalid.class);
        assertThat(load("{ listen: \"" + address + "\", " + TOKENS + " }")).isInstanceOf(Loaded.Invalid.class);
        assertThat(load("{ listen: \"" + address + "\", " + TLS + " }")).isInstanceOf(Loaded.Invalid.class);
        assertThat(load("{ listen: \"" + address + "\", " + TLS + ", " + TOKENS + " }"))
                .isInstanceOf(Loaded.Ok.class);
    }

    @Test
    void whatIsMissingIsSaid() {
        Loaded.Invalid refused = (Loaded.Invalid) load("\":9900\"");

        assertThat(refused.problems().getFirst().toString())
                .startsWith("test.yaml:2:8 admin: :9900 can be reached from other machines")
                .contains("tokens: and tls:")
                .contains("127.0.0.1:9900");
    }
}
