package io.foregate.app;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Only the command that is asked for is read by reflection, as {@code run} and {@code proxy} want to start
 * quickly; help and completion read all of them.
 */
final class Cli {
    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    private Cli() {}

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand::new);
        commands.put("proxy", ProxyCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("why", WhyCommand::new);
        commands.put("top", TopCommand::new);
        commands.put("tap", TapCommand::new);
        commands.put("exchanges", ExchangesCommand::new);
        commands.put("certs", CertsCommand::new);
        commands.put("log-level", LogLevelCommand::new);
        commands.put("apply", ApplyCommand::new);
        commands.put("history", HistoryCommand::new);
        commands.put("diff", DiffCommand::new);
        commands.put("rollback", RollbackCommand::new);
        commands.put("rollout", RolloutCommand::new);
        commands.put("drain", DrainCommand::new);
        commands.put("maintenance", MaintenanceCommand::new);
        commands.put("back", BackCommand::new);
        commands.put("weight", WeightCommand::new);
        commands.put("upgrade", UpgradeCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("aot-train", AotTrainCommand::new);
        return commands;
    }

    @Command(
            name = "foregate",
            description = "One public door in front of many private servers: a reverse proxy.",
            synopsisSubcommandLabel = "COMMAND",
            versionProvider = VersionText.class,
            footer = {
                "",
                "Examples:",
                "  foregate demo                               look around; nothing to configure",
                "  foregate proxy --to localhost:3000          a proxy on port 8080, in one line",
                "  foregate run --config foregate.yaml         a proxy as configured",
                "",
                "Exit codes: 0 fine, 1 the answer is no, 2 usage, 3 could not reach."
            })
    static final class Root implements Callable<Integer> {
        @Mixin
        private final Help help = new Help();

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Print the version.")
        @SuppressWarnings("UnusedVariable") // picocli looks at the annotation
        private boolean version;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            CommandLine line = Objects.requireNonNull(spec).commandLine();
            line.usage(line.getErr());
            return Main.USAGE;
        }
    }

    /** What {@code --version} prints. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"foregate " + VersionCommand.version()};
        }
    }

    /** Runs a command and returns its exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = args.length > 0 && COMMANDS.containsKey(args[0]) ? with(args[0]) : all();
        line.setOut(out);
        line.setErr(err);
        return line.execute(args);
    }

    private static CommandLine with(String name) {
        CommandLine line = configured(new CommandLine(new Root()));
        Supplier<Object> command = COMMANDS.get(name);
        if (command != null) {
            line.addSubcommand(name, configured(new CommandLine(command.get())));
        }
        return line;
    }

    /** The command line with all commands. */
    static CommandLine all() {
        CommandLine line = configured(new CommandLine(new Root()));
        line.addSubcommand("help", new HelpCommand());
        COMMANDS.forEach((name, command) -> line.addSubcommand(name, configured(new CommandLine(command.get()))));
        return line;
    }

    private static CommandLine configured(CommandLine line) {
        line.setParameterExceptionHandler((e, args) -> {
            CommandLine at = e.getCommandLine();
            PrintWriter err = at.getErr();
            err.println("foregate: " + e.getMessage());
            if (!UnmatchedArgumentException.printSuggestions(e, err)) {
                err.println("Try '" + at.getCommandSpec().qualifiedName() + " --help'.");
            }
            return Main.USAGE;
        });
        line.setExecutionExceptionHandler((e, at, result) -> Main.failed(e, at.getCommandName(), at.getErr()));
        return line;
    }
}
