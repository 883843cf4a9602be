package io.foregate.app;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "weight",
        description = "Sets the weight of an endpoint, until somebody sets another one or the process ends.",
        footer = {
            "",
            "Example:",
            "  foregate weight web 10.0.0.7:8080 5",
            "",
            "Exit code 1 when there is no such endpoint, 3 when the process can't be reached."
        })
final class WeightCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Mixin
    private final EndpointTarget target = new EndpointTarget();

    @Parameters(
            index = "2",
            paramLabel = "WEIGHT",
            description = "From 0 to 1000, or 'configured' for what the configuration says.")
    private String weight = "";

    private Map<String, Integer> body() {
        if (weight.equals("configured")) {
            return Map.of();
        }
        if (!weight.matches("[0-9]{1,4}")) {
            throw new BadUsage("the weight is a number from 0 to 1000, or configured, not " + weight);
        }
        return Map.of("weight", Integer.valueOf(weight));
    }

    @Override
    public Integer call() {
        return target.ask("weight", body(), admin, output);
    }
}
