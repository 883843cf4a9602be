package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a process on another machine. */
final class AdminOverTlsTest {
    @TempDir
    Path folder;

    @Test
    void theAuthorityThatIsTrustedIsNamed() throws Exception {
        Path cert = folder.resolve("admin.pem");
        List<String> openssl = List.of(
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=admin -addext"
                                + " subjectAltName=DNS:localhost -keyout " + folder.resolve("admin.key") + " -out "
                                + cert)
                        .split(" "));
        assertThat(new ProcessBuilder(openssl)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
        Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
        String yaml = """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { /*: { respond: 200 } } } }
                logs: { access: off }
                shutdown: 1s
                admin:
                  listen: "127.0.0.1:0"
                  tls: { cert: admin.pem, key: admin.key }
                  tokens: { me: { role: read, secret: "file:token" } }
                """;
        try (Administered one = Administered.start(folder, yaml)) {
            String at = "https://localhost:" + one.admin().address().port();

            assertThat(run(0, "status", "--admin", at, "--ca", cert.toString())).contains("revision 1");
            assertThat(run(3, "status", "--admin", at)).contains("can't be reached");
            assertThat(run(
                            2,
                            "status",
                            "--admin",
                            at,
                            "--ca",
                            folder.resolve("token").toString()))
                    .contains("--ca");
            assertThat(run(2, "status", "--admin", at, "--ca", "none.pem")).contains("no such file");
            assertThat(run(1, "log-level", "debug", "--admin", at, "--ca", cert.toString()))
                    .contains("this needs the role operate");
        }
    }

    private String run(int code, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--token-file", folder.resolve("token").toString()));
        Result result = Result.of(all.toArray(new String[0]));
        assertThat(result.code()).as(result.toString()).isEqualTo(code);
        return result.out() + result.err();
    }
}
