package io.foregate.app;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description = {"Puts an older configuration in force again. The proxy's own file stays as it is."},
        footer = {
            "",
            "Examples:",
            "  foregate rollback",
            "  foregate rollback 11",
            "",
            "Exit code 0 when it is in force, 1 when it can't be (nothing has changed then), 3 when the proxy can't be reached."
        })
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "REV",
            description = "The revision (default: the one that was in force before this one).")
    private @Nullable Long revision;

    @Override
    public Integer call() {
        Map<String, Long> body = revision == null ? Map.of() : Map.of("revision", revision);
        return ApplyCommand.print(admin.client().post("/v1/rollback", body), output, null);
    }
}
