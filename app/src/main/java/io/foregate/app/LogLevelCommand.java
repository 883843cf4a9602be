package io.foregate.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "log-level",
        description =
                "Says from which severity the error log of a proxy is written, or sets it while the proxy runs: for a time,"
                        + " until the process ends, or until a configuration with another level comes.",
        footer = {
            "",
            "Examples:",
            "  foregate log-level",
            "  foregate log-level debug --for 10m",
            "  foregate log-level configured",
            "",
            "Exit code 1 when that is no level, 3 when the proxy can't be reached."
        })
final class LogLevelCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "LEVEL",
            description = "error, warn, info or debug; or 'configured' for what the configuration says.")
    private @Nullable String level;

    @Option(names = "--for", paramLabel = "TIME", description = "For how long, such as 10m.")
    private @Nullable String time;

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        String wanted = level;
        if (wanted == null) {
            if (time != null) {
                throw new BadUsage("--for says how long a level is to hold: say which");
            }
            return print(client.get("/v1/log-level").orRefuse().json());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        if (!wanted.equals("configured")) {
            body.put("level", wanted);
        }
        if (time != null) {
            body.put("for", time);
        }
        return print(
                client.call("PUT", "/v1/log-level", Map.of(), body).orRefuse().json());
    }

    private int print(JsonNode tree) {
        if (output.json()) {
            output.print(tree);
            return Main.FINE;
        }
        String now = tree.path("level").asString("");
        String configured = tree.path("configured").asString("");
        String until = tree.path("until").asString("");
        output.out()
                .println(now
                        + (until.isEmpty() ? "" : " until " + until)
                        + (now.equals(configured) ? "" : " (the configuration says " + configured + ")"));
        return Main.FINE;
    }
}
