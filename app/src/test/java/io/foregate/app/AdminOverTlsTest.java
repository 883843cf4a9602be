package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.admin.AdminServer;
import io.foregate.control.config.Loaded;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Revisions;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Foregate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
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
        Source source = new Source(folder.resolve("foregate.yaml").toString(), yaml.getBytes(StandardCharsets.UTF_8));
        Loaded.Ok loaded = (Loaded.Ok) source.load();
        Foregate foregate = Foregate.start(loaded, Foregate.Settings.of(folder));
        Reloader reloader = new Reloader(foregate, source, Revisions.inMemory());
        try (AdminServer admin =
                AdminServer.start(new AdminServer.Subject(foregate, reloader, "test"), loaded, folder)) {
            String at = "https://localhost:" + admin.address().port();

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
        } finally {
            foregate.stop();
        }
    }

    private String run(int code, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--token-file", folder.resolve("token").toString()));
        StringWriter out = new StringWriter();
        int real = Cli.execute(new PrintWriter(out), new PrintWriter(out), all.toArray(new String[0]));
        assertThat(real).as(out.toString()).isEqualTo(code);
        return out.toString();
    }
}
