package io.foregate.app;

import io.foregate.control.config.Loaded;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Runs the proxy that a configuration file describes, until Ctrl-C or SIGTERM.",
        footer = {
            "",
            "Example:",
            "  foregate run --config /etc/foregate/foregate.yaml",
            "",
            "SIGTERM and SIGINT end it gracefully, a second one at once; SIGHUP and SIGUSR1 open log files anew."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "foregate.yaml",
            description = "The configuration file (default: ${DEFAULT-VALUE}).")
    private Path config = Path.of("foregate.yaml");

    @Override
    public Integer call() throws InterruptedException {
        return run(config);
    }

    static int run(Path config) throws InterruptedException {
        Loaded.Ok loaded = Configurations.file(config);
        return Serving.run(() -> Serving.start(loaded, Configurations.folder(config)));
    }
}
