package io.foregate.app;

import io.foregate.control.watch.Why;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "tap",
        description = {
            "Shows requests as they end, with what became of them and how long their phases took, until Ctrl-C. The proxy"
                    + " never waits for this: what comes too quickly is left out, and counted."
        },
        footer = {
            "",
            "Examples:",
            "  foregate tap",
            "  foregate tap --status failed,5xx --host app.example.com",
            "  foregate tap --route '/api/*' --slow 500ms --json | jq .endpoint",
            "  foregate tap --path '/login*' --count 1",
            "",
            "TIMES are milliseconds: waiting for a connection + connecting + until the answer began + the answer.",
            "",
            "Exit code 0 when it has ended, 3 when the proxy can't be reached."
        })
final class TapCommand implements Callable<Integer> {
    private static final String[] PHASES = {"queue_ms", "connect_ms", "first_byte_ms", "transfer_ms"};

    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Mixin
    private final Filters filters = new Filters();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "NUMBER",
            description = "End after so many requests.")
    private @Nullable Integer count;

    private boolean begun;
    private int seen;

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        PrintWriter out = output.out();
        client.stream("/v1/tap" + filters.query(Map.of()), line -> take(line, out));
        return Main.FINE;
    }

    private boolean take(String line, PrintWriter out) {
        if (!begun && !output.json()) {
            out.println("TIME          STATUS     TOTAL  TIMES                    REQUEST");
            out.flush();
        }
        begun = true;
        if (line.isEmpty()) {
            return !out.checkError();
        }
        JsonNode record = JsonMapper.shared().readTree(line);
        String error = record.path("error").asString("");
        if (!error.isEmpty()) {
            throw new Refused(error);
        }
        boolean request = record.path("dropped").isMissingNode();
        if (output.json()) {
            out.println(line);
        } else {
            out.println(
                    request
                            ? text(record)
                            : "              (" + record.path("dropped").asLong(0) + " more came too quickly)");
        }
        if (request) {
            seen++;
        }
        // Whoever reads may have gone: a pipe into head, for instance.
        return !out.checkError() && (count == null || seen < count);
    }

    private static String text(JsonNode record) {
        StringBuilder line = new StringBuilder();
        pad(line, WhyCommand.clock(record), 14);
        pad(line, record.path("status").asString("-"), 5);
        String total = Why.millis(record.path("total_ms"));
        line.repeat(' ', Math.max(11 - total.length(), 0)).append(total).append("  ");
        pad(line, times(record), 25);
        line.append(Why.request(record))
                .append(" from ")
                .append(record.path("client").asString("?"));
        String endpoint = record.path("endpoint").asString("");
        if (!endpoint.isEmpty()) {
            line.append(" to ")
                    .append(record.path("pool").asString(""))
                    .append('/')
                    .append(endpoint);
        }
        int attempts = record.path("attempts").asInt(0);
        if (attempts > 1) {
            line.append(", ").append(attempts).append(" attempts");
        }
        JsonNode failure = record.path("failure");
        if (!failure.isMissingNode()) {
            line.append(", ").append(failure.path("kind").asString(""));
            line.append(" in ").append(record.path("phase").asString(""));
        }
        return line.toString();
    }

    private static String times(JsonNode record) {
        StringBuilder times = new StringBuilder();
        for (String phase : PHASES) {
            JsonNode time = record.path(phase);
            if (!time.isMissingNode()) {
                times.append(times.isEmpty() ? "" : "+").append(Math.round(time.asDouble(0) * 10) / 10.0);
            }
        }
        return times.toString();
    }

    private static void pad(StringBuilder line, String text, int width) {
        line.append(text).repeat(' ', Math.max(width - text.length(), 1));
    }
}
