package io.foregate.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.spi.DiscoveryFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extensions in jars that the proxy knows nothing of until it looks. */
final class ExtensionsTest {
    private static final String SOURCE = """
            import io.foregate.api.spi.*;
            import java.util.Map;
            public final class Elsewhere implements DiscoveryFactory {
                public String name() { return "elsewhere"; }
                public String complaint(Map<String, String> options) { return options.isEmpty() ? "no options" : null; }
                public Discovery open(DiscoveryRequest request, DiscoveryListener listener) { return () -> {}; }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void jarsOfAFolderAreLoadedAndABrokenOneIsPassedOver() throws Exception {
        Path source = Files.writeString(folder.resolve("Elsewhere.java"), SOURCE);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        String path = Path.of(DiscoveryFactory.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        assertThat(compiler.run(null, null, null, "-proc:none", "-cp", path, source.toString()))
                .isZero();
        jar("a-broken.jar", "Nowhere", new byte[0]);
        jar("elsewhere.jar", "Elsewhere", Files.readAllBytes(folder.resolve("Elsewhere.class")));

        Map<String, DiscoveryFactory> found = Extensions.load(folder.toString());

        assertThat(found).containsKey("elsewhere");
        assertThat(Objects.requireNonNull(found.get("elsewhere")).complaint(Map.of()))
                .isEqualTo("no options");
        assertThat(Extensions.load(folder.resolve("missing").toString())).doesNotContainKey("elsewhere");
        assertThat(Extensions.complaint("elsewhere", Map.of())).contains("there is no discovery \"elsewhere\"");
    }

    private void jar(String name, String type, byte[] code) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            jar.putNextEntry(new JarEntry("META-INF/services/" + DiscoveryFactory.class.getName()));
            jar.write(type.getBytes(StandardCharsets.UTF_8));
            if (code.length > 0) {
                jar.putNextEntry(new JarEntry(type + ".class"));
                jar.write(code);
            }
        }
    }
}
