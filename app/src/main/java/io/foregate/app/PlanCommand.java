package io.foregate.app;

import io.foregate.control.plan.Plan;
import io.foregate.control.plan.PlanText;
import io.foregate.control.plan.PlanTree;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = {
            "Says what a change of the configuration would do: what is added, removed and changed, and exactly which"
                    + " requests would go elsewhere or be answered differently. Against a proxy that runs, recent requests are"
                    + " replayed, too. Changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  foregate plan new.yaml",
            "  foregate plan new.yaml --against foregate.yaml",
            "  git show HEAD:foregate.yaml >old.yaml; foregate plan foregate.yaml --against old.yaml",
            "",
            "Exit code 0 when both can be used, whatever the difference; 1 when one can't; 3 when the proxy can't be",
            "reached."
        })
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The configuration as it would be.")
    private Path file = Path.of("foregate.yaml");

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "The configuration as it is (default: that of the proxy that runs).")
    private @Nullable Path against;

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(names = "--all", description = "Print all regions, however many.")
    private boolean all;

    @Override
    public Integer call() {
        if (against == null) {
            return live();
        }
        if (admin.given()) {
            throw new BadUsage("--against and --admin are two answers to one question");
        }
        Plan plan = Plan.of(Configurations.file(against, output), Configurations.file(file, output));
        if (output.json()) {
            output.print(PlanTree.of(plan));
        } else {
            new PlanText(output.out(), all ? Integer.MAX_VALUE : PlanText.USUAL_REGIONS).print(plan);
        }
        return Main.FINE;
    }

    private int live() {
        Map<String, String> body = Map.of("text", ApplyCommand.text(file), "name", file.toString());
        String path = "/v1/plan" + (all ? "?all=true" : "");
        AdminClient.Answer answer =
                output.json() ? admin.client().post(path, body) : admin.client().postText(path, body);
        if (!answer.fine()) {
            throw ApplyCommand.refusal(answer, output, file);
        }
        if (output.json()) {
            output.print(answer.json());
        } else {
            output.out().print(answer.text());
            output.out().flush();
        }
        return Main.FINE;
    }
}
