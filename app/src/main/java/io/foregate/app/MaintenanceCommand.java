package io.foregate.app;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "maintenance",
        description = "Takes an endpoint out of service: it gets nothing new at all.",
        footer = {
            "",
            "Example:",
            "  foregate maintenance web 10.0.0.7:8080 --reason 'new disks'",
            "",
            "Exit code 1 when there is no such endpoint, 3 when the process can't be reached."
        })
final class MaintenanceCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Mixin
    private final EndpointTarget target = new EndpointTarget();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for others who look.")
    private String reason = "";

    @Override
    public Integer call() {
        return target.ask("maintenance", Map.of("reason", reason), admin, output);
    }
}
