package io.foregate.app;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "back",
        description = "Takes an endpoint back into service, after drain or maintenance.",
        footer = {
            "",
            "Example:",
            "  foregate back web 10.0.0.7:8080",
            "",
            "Exit code 1 when there is no such endpoint, 3 when the process can't be reached."
        })
final class BackCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Mixin
    private final EndpointTarget target = new EndpointTarget();

    @Override
    public Integer call() {
        return target.ask("back", Map.of(), admin, output);
    }
}
