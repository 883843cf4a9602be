package io.foregate.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which options the launcher gives to the JVM. What it starts here says nothing but those. */
final class LauncherTest {
    private static final String SMALL = "sites: { \"*\": web }\npools: { web: [\"127.0.0.1:1\"] }\n";
    private static final String LARGE = SMALL + "# and a lot more\n".repeat(65536 / 17);

    /** Stands for Foregate. */
    static final class Says {
        public static void main(String[] arguments) {
            System.out.println(ManagementFactory.getRuntimeMXBean().getInputArguments());
        }
    }

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(folder.resolve("setup"));
        Files.createDirectories(folder.resolve("app/target"));
        for (String file : List.of("foregate", "setup/jdk.sh")) {
            Files.copy(RealProcess.root().resolve(file), folder.resolve(file));
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Says.class.getName());
        String name = Says.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(folder.resolve("app/target/foregate.jar")), manifest);
                InputStream code = Says.class.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(new JarEntry(name));
            code.transferTo(jar);
        }
        Files.writeString(folder.resolve("small.yaml"), SMALL);
        Files.writeString(folder.resolve("large.yaml"), LARGE);
    }

    @Test
    void aSmallConfigurationGetsTheCollectorThatTakesLeastMemory() throws Exception {
        assertThat(options("", "run", "--config", "small.yaml"))
                .contains("-XX:+UseSerialGC")
                .doesNotContain("G1", "Shenandoah");
        assertThat(options("", "check", "large.yaml")).contains("-XX:+UseSerialGC");
        assertThat(options("", "run", "--state", "large.yaml", "small.yaml")).contains("-XX:+UseSerialGC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c large.yaml",
                "-clarge.yaml",
                "-c=large.yaml",
                "--config large.yaml",
                "--config=large.yaml",
                "large.yaml",
                ""
            })
    void aLargeConfigurationGetsTheOneThatStopsRequestsLeast(String arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("run", "--watch"));
        if (arguments.isEmpty()) {
            Files.writeString(folder.resolve("foregate.yaml"), LARGE);
        } else {
            words.addAll(List.of(arguments.split(" ")));
        }
        assertThat(options("", words.toArray(String[]::new)))
                .contains(hasShenandoah() ? "-XX:+UseShenandoahGC" : "-XX:+UseG1GC")
                .doesNotContain("Serial");
    }

    @Test
    void whatTheUserSaysWins() throws Exception {
        assertThat(options("-XX:+UseParallelGC -Xmx1g", "run", "-c", "large.yaml"))
                .contains("-XX:+UseParallelGC", "-Xmx1g")
                .doesNotContain(
                        "UseG1GC", "UseSerialGC", "Shenandoah", "MaxGCPauseMillis", "SoftMax", "-Xms32m", "-Xmx2");
    }

    @Test
    void theHeapGrowsWithTheConfiguration() throws Exception {
        Files.writeString(
                folder.resolve("large.yaml"), "# and a lot more\n".repeat(64 * 1024), StandardOpenOption.APPEND);

        assertThat(options("", "run", "large.yaml")).contains("-Xmx544m").doesNotContain("-Xmx256m");
        assertThat(options("", "plan", "small.yaml", "--against=large.yaml")).contains("-Xmx544m", "-XX:+UseSerialGC");
        assertThat(options("", "check", "large.yaml")).contains("-Xmx544m", "-XX:+UseSerialGC");
        assertThat(options("-Xmx100m", "run", "large.yaml"))
                .contains("-Xmx100m")
                .doesNotContain("SoftMax", "-Xmx544m");
        assertThat(options("-Xms500m", "run", "large.yaml")).contains("-Xms500m", "-Xmx544m");
    }

    @Test
    void aJvmWithoutShenandoahGetsG1() throws Exception {
        Path jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        String real = System.getProperty("java.home");
        Files.copy(Path.of(real, "release"), jdk.resolve("release"));
        for (String tool : List.of("java", "javac")) {
            Path script = jdk.resolve("bin").resolve(tool);
            Files.writeString(
                    script,
                    "#!/bin/sh\ncase \"$*\" in *Shenandoah*) exit 1 ;; esac\nexec " + real + "/bin/" + tool
                            + " \"$@\"\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        ProcessBuilder launcher = launcher("", folder.resolve("foregate").toString(), "run", "large.yaml");
        launcher.environment().put("JAVA_HOME", jdk.toString());

        assertThat(said(launcher)).contains("-XX:+UseG1GC").doesNotContain("Shenandoah", "Serial");
    }

    // Not every vendor's JVM has it.
    private static boolean hasShenandoah() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, "-XX:+UseShenandoahGC", "-version")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:MaxRAMPercentage=75",
                "-XX:MaxHeapSize=16m",
                "-Xmx16m",
                "-Xms512m",
                "-Xms524288k",
                "-Xms536870912",
                "-XX:InitialHeapSize=1g"
            })
    void whoNamesASizeOfTheHeapThatOursContradictsHasNoneOfOurs(String user) throws Exception {
        assertThat(options(user, "run", "small.yaml")).contains(user).doesNotContain("-Xms32m", "-Xmx256m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xms16m", "-Xms262144k", "-Xms0000016777216", "-XX:InitialRAMPercentage=1"})
    void whoNamesASmallFirstHeapKeepsOurLargest(String user) throws Exception {
        assertThat(options(user, "run", "small.yaml"))
                .contains(user, "-Xmx256m")
                .doesNotContain("-Xms32m");
    }

    @Test
    void optionsThatAreNotOfTheHeapLeaveItAlone() throws Exception {
        assertThat(options("-Xss512k -Dmine=-Xmx1g", "run", "small.yaml")).contains("-Xms32m", "-Xmx256m");
    }

    @Test
    void itFindsItselfWhereverFoldersAreSearchedForCd() throws Exception {
        Path above = folder.resolve("..").normalize();
        String name = String.valueOf(folder.getFileName());
        ProcessBuilder launcher = launcher("", name + "/foregate", "run", name + "/small.yaml");
        launcher.directory(above.toFile()).environment().put("CDPATH", above.toString());

        assertThat(said(launcher)).contains("-XX:+UseSerialGC");
    }

    @Test
    void itNeedsNoHomeToLookForAJdk() throws Exception {
        ProcessBuilder launcher = launcher("", "./foregate", "run", "small.yaml");
        launcher.environment().keySet().removeIf(name -> name.equals("HOME") || name.equals("JAVA_HOME"));
        // No java there, so it has to look in the usual folders.
        launcher.environment()
                .put("PATH", Files.createDirectory(folder.resolve("empty")).toString());
        Process process = launcher.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isBetween(0, 1);
        assertThat(said).containsAnyOf("-XX:+UseSerialGC", "needs a JDK").doesNotContain("unbound");
    }

    private String options(String user, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addFirst(folder.resolve("foregate").toString());
        return said(launcher(user, words.toArray(String[]::new)));
    }

    private ProcessBuilder launcher(String user, String... words) {
        List<String> command = new ArrayList<>(List.of("bash"));
        command.addAll(List.of(words));
        ProcessBuilder launcher =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        launcher.environment().put("FOREGATE_NO_BUILD", "1");
        launcher.environment().put("FOREGATE_NO_AOT", "1");
        launcher.environment().put("FOREGATE_JAVA_OPTS", user);
        launcher.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return launcher;
    }

    private static String said(ProcessBuilder launcher) throws IOException, InterruptedException {
        Process process = launcher.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
