package io.foregate.app;

import io.foregate.control.plan.Plan;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Says what a change of the configuration would do: what is added, removed and changed, and exactly which"
                    + " requests would go elsewhere or be answered differently. Changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  foregate plan new.yaml --against foregate.yaml",
            "  git show HEAD:foregate.yaml >old.yaml; foregate plan foregate.yaml --against old.yaml",
            "",
            "Exit code 0 when both can be used, whatever the difference; 1 when one can't."
        })
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The configuration as it would be.")
    private Path file = Path.of("foregate.yaml");

    @Option(names = "--against", paramLabel = "FILE", required = true, description = "The configuration as it is.")
    private Path against = Path.of("foregate.yaml");

    @Option(names = "--all", description = "Print all regions, however many.")
    private boolean all;

    @Override
    public Integer call() {
        Plan plan = Plan.of(Configurations.file(against), Configurations.file(file));
        if (output.json()) {
            output.print(PlanTree.of(plan));
        } else {
            new PlanText(output.out(), all ? Integer.MAX_VALUE : PlanText.USUAL_REGIONS).print(plan);
        }
        return Main.FINE;
    }
}
