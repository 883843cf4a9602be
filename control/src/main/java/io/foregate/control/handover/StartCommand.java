package io.foregate.control.handover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this process was started, and how another one like it is. A value.
 *
 * @param program the launcher, or Java with its options; ends where the arguments begin
 * @param arguments for the program: {@code run --config FILE …}
 */
public record StartCommand(List<String> program, List<String> arguments) {
    /** Where the launcher says where it is, links not followed: they may lead to another version by now. */
    static final String LAUNCHER = "FOREGATE_LAUNCHER";

    private static final Path OWN = Path.of("/proc/self/cmdline");
    private static final String JAR = "-jar";
    private static final String CONFIG = "--config";

    /**
     * The one of this process.
     *
     * @throws IOException when the system doesn't tell
     */
    public static StartCommand own(List<String> arguments) throws IOException {
        List<String> line = List.of(new String(Files.readAllBytes(OWN), StandardCharsets.UTF_8).split("\0", -1));
        return of(line, System.getenv(), arguments);
    }

    static StartCommand of(List<String> line, Map<String, String> environment, List<String> arguments) {
        String launcher = environment.get(LAUNCHER);
        if (launcher != null && launcher.startsWith("/")) {
            return new StartCommand(List.of(launcher), arguments);
        }
        int jar = line.indexOf(JAR);
        int own = line.indexOf(arguments.getFirst());
        // Without a jar it is a class that is named, or a program that needs no Java.
        int end = jar > 0 && jar + 1 < line.size() ? jar + 2 : Math.max(own, 1);
        return new StartCommand(List.copyOf(line.subList(0, end)), arguments);
    }

    /**
     * The command for another version.
     *
     * @param binary a launcher or any other program that takes the same arguments, or a jar; null for this process's own
     * @param config the file to run with; null for the same
     */
    List<String> with(@Nullable Path binary, @Nullable Path config) throws IOException {
        List<String> command = new ArrayList<>();
        if (binary == null) {
            command.addAll(program);
        } else if (!Files.isRegularFile(binary)) {
            throw new IOException("there is no file " + binary);
        } else if (binary.toString().endsWith(".jar")) {
            command.addAll(java());
            command.add(binary.toString());
        } else if (!Files.isExecutable(binary)) {
            throw new IOException(binary + " can't be executed");
        } else {
            command.add(binary.toString());
        }
        command.addAll(arguments);
        if (config != null) {
            int at = command.lastIndexOf(CONFIG);
            command.set(at + 1, config.toString());
        }
        return command;
    }

    // With the options of this process where it was started from a jar, too.
    private List<String> java() throws IOException {
        if (program.size() > 2 && program.get(program.size() - 2).equals(JAR)) {
            return program.subList(0, program.size() - 1);
        }
        List<String> line = List.of(new String(Files.readAllBytes(OWN), StandardCharsets.UTF_8).split("\0", -1));
        int jar = line.indexOf(JAR);
        return jar > 0
                ? line.subList(0, jar + 1)
                : List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), JAR);
    }
}
