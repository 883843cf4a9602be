package io.foregate.app;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = "Says what is different between two configurations that a proxy has had.",
        footer = {
            "",
            "Examples:",
            "  foregate diff 11",
            "  foregate diff 9 11",
            "",
            "See foregate history for their numbers."
        })
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(index = "0", paramLabel = "REV", description = "The older revision.")
    private long from;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "REV",
            description = "The newer one (default: the one in force).")
    private @Nullable Long to;

    @Option(names = "--all", description = "Print all regions, however many.")
    private boolean all;

    @Override
    public Integer call() {
        String path = "/v1/diff?from=" + from + (to == null ? "" : "&to=" + to) + (all ? "&all=true" : "");
        if (output.json()) {
            output.print(admin.client().get(path).orRefuse().json());
        } else {
            output.out().print(admin.client().getText(path).orRefuse().text());
            output.out().flush();
        }
        return Main.FINE;
    }
}
