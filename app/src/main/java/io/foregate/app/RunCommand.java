package io.foregate.app;

import io.foregate.control.admin.AdminFailure;
import io.foregate.control.admin.AdminServer;
import io.foregate.control.config.Loaded;
import io.foregate.control.handover.StartCommand;
import io.foregate.control.handover.Takeover;
import io.foregate.control.handover.Upgrade;
import io.foregate.control.reload.ConfigWatch;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Revisions;
import io.foregate.control.reload.Source;
import io.foregate.control.rollout.Rollouts;
import io.foregate.control.run.Foregate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Runs the proxy that a configuration file describes, until Ctrl-C or SIGTERM.",
        footer = {
            "",
            "Examples:",
            "  foregate run foregate.yaml",
            "  foregate run --config /etc/foregate/foregate.yaml --watch",
            "",
            "SIGTERM and SIGINT end it gracefully, a second one at once. SIGHUP reads the configuration anew and opens log",
            "files anew, SIGUSR1 only the latter."
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final int ADMIN_TRIES = 20;
    private static final Duration ADMIN_PAUSE = Duration.ofMillis(250);

    @Mixin
    private final Help help = new Help();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The same, by a name.")
    private @Nullable Path config;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The configuration file (default: foregate.yaml).")
    private @Nullable Path file;

    @Option(names = "--watch", description = "Read the configuration anew whenever the file changes.")
    private boolean watch;

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description =
                    "Where the history of configurations and the rollouts are kept (default: a folder for this file in the user's or the"
                            + " service's state folder).")
    private @Nullable Path state;

    @Override
    public Integer call() throws InterruptedException {
        if (config != null && file != null) {
            throw new BadUsage("the configuration file is named twice: " + config + " and " + file);
        }
        Path named = config != null ? config : file;
        return run(named != null ? named : Path.of("foregate.yaml"), watch, state);
    }

    static int run(Path config, boolean watch, @Nullable Path state) throws InterruptedException {
        Takeover takeover = takeover();
        try {
            Source source = source(config, takeover);
            Loaded.Ok loaded = Configurations.source(source);
            Parts parts = new Parts(config, watch, state, source, loaded);
            return Serving.run(() -> serve(parts, takeover));
        } catch (RuntimeException e) {
            if (takeover != null) {
                takeover.failed(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** What the process is made of. */
    private record Parts(
            Path config, boolean watch, @Nullable Path state, Source source, Loaded.Ok loaded) {
        Path folder() {
            return Configurations.folder(config);
        }

        private Path history() {
            return state == null ? StateFolder.of(config) : state.resolve("revisions");
        }

        Revisions revisions() {
            return Revisions.in(history());
        }

        Rollouts rollouts() {
            return Rollouts.in(history().resolveSibling("rollouts.json"));
        }

        /** The same for another process. */
        List<String> arguments() {
            List<String> arguments = new ArrayList<>(
                    List.of("run", "--config", config.toAbsolutePath().toString()));
            if (watch) {
                arguments.add("--watch");
            }
            if (state != null) {
                arguments.addAll(List.of("--state", state.toAbsolutePath().toString()));
            }
            return arguments;
        }
    }

    private static @Nullable Takeover takeover() {
        try {
            return Takeover.of(System.getenv(), VersionCommand.version());
        } catch (IOException e) {
            throw new Refused("this process can't take over from another one: " + e.getMessage());
        }
    }

    private static Source source(Path config, @Nullable Takeover takeover) {
        Source inForce = takeover == null ? null : takeover.config();
        if (inForce != null) {
            return inForce;
        }
        try {
            return Source.of(config);
        } catch (IOException e) {
            // Says why.
            Configurations.file(config);
            throw new Refused(config + " can't be read: " + e.getMessage());
        }
    }

    private static Serving.Served serve(Parts parts, @Nullable Takeover takeover) throws InterruptedException {
        if (takeover != null) {
            // Later it would be too late.
            checkAdmin(parts);
        }
        Rollouts rollouts = parts.rollouts();
        Foregate foregate = Serving.start(parts.loaded, parts.folder(), takeover, rollouts.diverted());
        if (takeover != null) {
            takeOver(foregate, takeover);
            // The other process may have gone on with them until now. Nobody else writes there any more.
            rollouts = parts.rollouts();
        }
        Reloader reloader = new Reloader(foregate, parts.source, parts.revisions());
        rollouts.begin(foregate, reloader);
        Upgrade upgrade = upgrade(foregate, reloader, rollouts, parts);
        AdminServer admin = admin(
                new AdminServer.Subject(foregate, reloader, rollouts, VersionCommand.version(), upgrade),
                parts,
                takeover);
        Rollouts going = rollouts;
        ConfigWatch.start(foregate, reloader, parts.config, parts.watch);
        reloader.warmUp();
        return new Serving.Served(
                foregate,
                () -> reloader.reload(parts.config, "SIGHUP"),
                () -> {
                    going.close();
                    if (admin != null) {
                        admin.close();
                    }
                },
                upgrade);
    }

    private static void takeOver(Foregate foregate, Takeover takeover) throws InterruptedException {
        try {
            takeover.serving();
        } catch (IOException e) {
            foregate.stop();
            throw new Refused("the process to take over from goes on: " + e.getMessage());
        }
    }

    private static @Nullable Upgrade upgrade(Foregate foregate, Reloader reloader, Rollouts rollouts, Parts parts) {
        try {
            Upgrade.Subject subject = new Upgrade.Subject(foregate, reloader, rollouts);
            return new Upgrade(subject, StartCommand.own(parts.arguments()), Serving.MANAGER);
        } catch (IOException e) {
            LOG.debug("there are no hand-overs on this system", e);
            return null;
        }
    }

    private static void checkAdmin(Parts parts) {
        try {
            AdminServer.check(parts.loaded, parts.folder());
        } catch (AdminFailure e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable AdminServer admin(AdminServer.Subject subject, Parts parts, @Nullable Takeover takeover)
            throws InterruptedException {
        if (takeover == null) {
            try {
                return AdminServer.start(subject, parts.loaded, parts.folder());
            } catch (AdminFailure e) {
                subject.rollouts().close();
                subject.foregate().stop();
                throw new Refused(String.valueOf(e.getMessage()));
            }
        }
        takeover.awaitAdmin();
        takeover.close();
        for (int left = ADMIN_TRIES; ; left--) {
            try {
                return AdminServer.start(subject, parts.loaded, parts.folder());
            } catch (AdminFailure e) {
                if (left == 0) {
                    // It serves, and that comes first.
                    LOG.error("{}; there is no admin API", e.getMessage());
                    return null;
                }
                Thread.sleep(ADMIN_PAUSE);
            }
        }
    }
}
