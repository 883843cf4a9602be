package io.foregate.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "rollout",
        description = {
            "Sends a share of a pool's requests to another pool, step by step, under a guard that takes it back by itself."
        },
        subcommands = {
            RolloutCommand.Status.class,
            RolloutCommand.Pause.class,
            RolloutCommand.Resume.class,
            RolloutCommand.Abort.class,
            RolloutCommand.Finish.class
        },
        footer = {
            "",
            "Examples:",
            "  foregate rollout web --to web-next",
            "  foregate rollout web --to web-next --steps 5%%,25%%,100%% --every 2m --guard 'errors < 0.5%% and p99 < 300ms'",
            "  foregate rollout blue --to green --steps 100%% --wait",
            "  foregate rollout status",
            "  foregate rollout abort web",
            "",
            "Exit code 1 when it can't be, or with --wait when it ends without being done; 3 when the process can't be reached."
        })
final class RolloutCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 500;

    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(arity = "0..1", paramLabel = "POOL", description = "The pool whose requests are meant.")
    private @Nullable String pool;

    @Option(names = "--to", paramLabel = "POOL", description = "The pool that gets them.")
    private String to = "";

    @Option(
            names = "--steps",
            paramLabel = "SHARE",
            split = ",",
            description = "The shares, one after the other; the last is 100%% (default: 5%%,25%%,100%%).")
    private List<String> steps = List.of();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "How long each step lasts at least, such as 30s (default: 2m).")
    private String every = "";

    @Option(
            names = "--guard",
            paramLabel = "CONDITIONS",
            description =
                    "What is demanded of the new pool: errors, p1 to p99.99 and requests, joined by 'and'; or none"
                            + " (default: errors < 1%%).")
    private String guard = "";

    @Option(
            names = "--by",
            paramLabel = "KEY",
            description =
                    "By what requests stay with a pool: client, request, header:NAME, cookie:NAME or query:NAME (default: what"
                            + " the route's split goes by, or the client's address).")
    private String by = "";

    @Option(names = "--wait", description = "Print what happens until the rollout is done, or has failed.")
    private boolean wait;

    @Override
    public Integer call() throws InterruptedException {
        AdminClient client = admin.client();
        if (pool == null) {
            if (!to.isEmpty()) {
                throw new BadUsage("which pool's requests? Write foregate rollout POOL --to " + to);
            }
            return RolloutText.print(client, null, output);
        }
        if (to.isEmpty()) {
            throw new BadUsage(
                    "--to is missing: foregate rollout " + pool + " --to POOL, or foregate rollout status " + pool);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("to", to);
        body.put("steps", steps);
        body.put("every", every);
        body.put("guard", guard);
        body.put("by", by);
        JsonNode began = client.post(RolloutText.path(pool), body).orRefuse().json();
        if (wait) {
            return follow(client, pool);
        }
        if (output.json()) {
            output.print(began);
        } else {
            RolloutText.began(began, output.out());
        }
        return Main.FINE;
    }

    private int follow(AdminClient client, String of) throws InterruptedException {
        int printed = 0;
        while (true) {
            JsonNode now = client.get(RolloutText.path(of)).orRefuse().json();
            boolean over = !now.path("active").asBoolean(false)
                    || now.path("phase").asString("").equals("done");
            if (!output.json()) {
                printed = RolloutText.events(now, printed, output.out());
            } else if (over) {
                output.print(now);
            }
            if (over) {
                return now.path("phase").asString("").equals("done") ? Main.FINE : Main.NO;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    @Command(
            name = "status",
            description = "Says how it stands with rollouts.",
            footer = {
                "",
                "Example:",
                "  foregate rollout status web",
                "",
                "Exit code 1 when the pool's last rollout has failed or been aborted, or there has been none."
            })
    static final class Status implements Callable<Integer> {
        @Mixin
        private final Help help = new Help();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final AdminOption admin = new AdminOption();

        @Parameters(arity = "0..1", paramLabel = "POOL", description = "The pool (default: all that have a rollout).")
        private @Nullable String pool;

        @Override
        public Integer call() {
            return RolloutText.print(admin.client(), pool, output);
        }
    }

    /** What the commands that want something of a rollout have in common. */
    private static final class Target {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final AdminOption admin = new AdminOption();

        @Parameters(paramLabel = "POOL", description = "The pool whose requests are meant.")
        private String pool = "";

        int ask(String verb) {
            JsonNode now = admin.client()
                    .post(RolloutText.path(pool) + "/" + verb, Map.of())
                    .orRefuse()
                    .json();
            if (output.json()) {
                output.print(now);
            } else {
                RolloutText.one(now, output.out());
            }
            return Main.FINE;
        }
    }

    @Command(
            name = "pause",
            description = "Stays at the share that there is, until it is resumed. The guard goes on.",
            footer = {"", "Example:", "  foregate rollout pause web"})
    static final class Pause implements Callable<Integer> {
        @Mixin
        private final Help help = new Help();

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            return target.ask("pause");
        }
    }

    @Command(
            name = "resume",
            description = "Goes on after a pause.",
            footer = {"", "Example:", "  foregate rollout resume web"})
    static final class Resume implements Callable<Integer> {
        @Mixin
        private final Help help = new Help();

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            return target.ask("resume");
        }
    }

    @Command(
            name = "abort",
            description = "Sends nothing more to the new pool, at once; also when the rollout was done.",
            footer = {"", "Example:", "  foregate rollout abort web"})
    static final class Abort implements Callable<Integer> {
        @Mixin
        private final Help help = new Help();

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            return target.ask("abort");
        }
    }

    @Command(
            name = "finish",
            description = {
                "Goes to the last step, 100%%, at once, where the guard watches as ever; when that is over, says what to write"
                        + " into the configuration."
            },
            footer = {"", "Example:", "  foregate rollout finish web"})
    static final class Finish implements Callable<Integer> {
        @Mixin
        private final Help help = new Help();

        @Mixin
        private final Target target = new Target();

        @Override
        public Integer call() {
            return target.ask("finish");
        }
    }
}
