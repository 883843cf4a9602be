package io.foregate.control.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is started when another process is to take over. */
final class StartCommandTest {
    private static final List<String> ARGUMENTS = List.of("run", "--config", "/etc/foregate.yaml", "--watch");
    private static final List<String> JAVA = List.of("/jdk/bin/java", "-Xmx1g", "-jar", "/opt/foregate.jar");

    @TempDir
    private Path folder;

    private static StartCommand of(List<String> program, Map<String, String> environment) {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of("run", "-c", "foregate.yaml"));
        return StartCommand.of(line, environment, ARGUMENTS);
    }

    private Path file(String name, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aLauncherIsStartedByThePathByWhichItWasCalled() throws Exception {
        StartCommand command = of(JAVA, Map.of("FOREGATE_LAUNCHER", "/opt/foregate/foregate"));

        assertThat(command.with(null, null))
                .containsExactly("/opt/foregate/foregate", "run", "--config", "/etc/foregate.yaml", "--watch");
    }

    @Test
    void withoutALauncherItIsJavaWithItsOptions() throws Exception {
        assertThat(of(JAVA, Map.of()).with(null, null))
                .startsWith("/jdk/bin/java", "-Xmx1g", "-jar", "/opt/foregate.jar", "run");
        assertThat(of(List.of("java", "-cp", "a:b", "io.foregate.app.Main"), Map.of())
                        .with(null, null))
                .startsWith("java", "-cp", "a:b", "io.foregate.app.Main", "run");
        assertThat(of(List.of("/usr/bin/foregate"), Map.of()).with(null, null)).startsWith("/usr/bin/foregate", "run");
    }

    @Test
    void anotherJarIsRunWithTheSameOptionsAndAnotherProgramAsItIs() throws Exception {
        Path jar = file("next.jar", "rw-------");
        Path launcher = file("foregate", "rwx------");

        assertThat(of(JAVA, Map.of()).with(jar, null))
                .startsWith("/jdk/bin/java", "-Xmx1g", "-jar", jar.toString(), "run");
        assertThat(of(JAVA, Map.of()).with(launcher, null)).startsWith(launcher.toString(), "run");
    }

    @Test
    void anotherConfigurationTakesThePlaceOfTheFirst() throws Exception {
        assertThat(of(JAVA, Map.of()).with(null, Path.of("/etc/next.yaml")))
                .endsWith("run", "--config", "/etc/next.yaml", "--watch");
    }

    @Test
    void whatCantBeStartedIsRefusedBeforehand() throws Exception {
        Path text = file("notes", "rw-------");

        assertThatThrownBy(() -> of(JAVA, Map.of()).with(Path.of("/nowhere"), null))
                .hasMessage("there is no file /nowhere");
        assertThatThrownBy(() -> of(JAVA, Map.of()).with(text, null)).hasMessage(text + " can't be executed");
    }
}
