package io.foregate.app;

import io.foregate.control.admin.AdminFailure;
import io.foregate.control.admin.AdminServer;
import io.foregate.control.config.Loaded;
import io.foregate.control.reload.ConfigWatch;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Revisions;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Foregate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            "  foregate run --config /etc/foregate/foregate.yaml --watch",
            "",
            "SIGTERM and SIGINT end it gracefully, a second one at once. SIGHUP reads the configuration anew and opens log",
            "files anew, SIGUSR1 only the latter."
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

    @Option(names = "--watch", description = "Read the configuration anew whenever the file changes.")
    private boolean watch;

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description =
                    "Where the history of configurations is kept (default: a folder for this file in the user's or the"
                            + " service's state folder).")
    private @Nullable Path state;

    @Override
    public Integer call() throws InterruptedException {
        return run(config, watch, state);
    }

    static int run(Path config, boolean watch, @Nullable Path state) throws InterruptedException {
        Source source;
        try {
            source = Source.of(config);
        } catch (IOException e) {
            // Says why.
            Configurations.file(config);
            throw new Refused(config + " can't be read: " + e.getMessage());
        }
        Loaded.Ok loaded = Configurations.source(source);
        return Serving.run(() -> {
            Foregate foregate = Serving.start(loaded, Configurations.folder(config));
            Revisions revisions = Revisions.in(state == null ? StateFolder.of(config) : state.resolve("revisions"));
            Reloader reloader = new Reloader(foregate, source, revisions);
            AdminServer admin = admin(foregate, reloader, loaded, Configurations.folder(config));
            ConfigWatch.start(foregate, reloader, config, watch);
            return new Serving.Served(foregate, () -> reloader.reload(config, "SIGHUP"), admin::close);
        });
    }

    private static AdminServer admin(Foregate foregate, Reloader reloader, Loaded.Ok loaded, Path folder)
            throws InterruptedException {
        try {
            return AdminServer.start(
                    new AdminServer.Subject(foregate, reloader, VersionCommand.version()), loaded, folder);
        } catch (AdminFailure e) {
            foregate.stop();
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }
}
