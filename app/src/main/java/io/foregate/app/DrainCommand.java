package io.foregate.app;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drain",
        description = "Sends an endpoint nothing new; it finishes what it has.",
        footer = {
            "",
            "Example:",
            "  foregate drain web 10.0.0.7:8080",
            "",
            "Exit code 1 when there is no such endpoint, 3 when the process can't be reached."
        })
final class DrainCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Mixin
    private final EndpointTarget target = new EndpointTarget();

    @Option(names = "--keep-sticky", description = "Clients that stick to it still go there.")
    private boolean keepSticky;

    @Override
    public Integer call() {
        return target.ask("drain", Map.of("keepSticky", keepSticky), admin, output);
    }
}
