package io.foregate.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which requests are meant: what commands that look at requests have in common. */
final class Filters {
    @Option(names = "--host", paramLabel = "HOST", description = "Of that host; *.example.com for all below it.")
    private @Nullable String host;

    @Option(names = "--path", paramLabel = "PATH", description = "With that path; /api/* for all that begin so.")
    private @Nullable String path;

    @Option(names = "--method", paramLabel = "METHOD", description = "With that method.")
    private @Nullable String method;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Answered so: 404, 5xx, or 'failed' for all that went wrong; several with commas.")
    private @Nullable String status;

    @Option(names = "--client", paramLabel = "IP", description = "From that client.")
    private @Nullable String client;

    @Option(names = "--site", paramLabel = "NAME", description = "Of that site, as the configuration calls it.")
    private @Nullable String site;

    @Option(names = "--route", paramLabel = "PATTERN", description = "Of that route, as the configuration has it.")
    private @Nullable String route;

    @Option(names = "--pool", paramLabel = "NAME", description = "For that pool.")
    private @Nullable String pool;

    @Option(names = "--endpoint", paramLabel = "ADDRESS", description = "For that endpoint, as address:port.")
    private @Nullable String endpoint;

    @Option(names = "--slow", paramLabel = "TIME", description = "That last at least so long, such as 500ms.")
    private @Nullable String slow;

    /** For a URL: empty, or beginning with a question mark. */
    String query(Map<String, String> more) {
        Map<String, @Nullable String> all = new LinkedHashMap<>(more);
        all.put("host", host);
        all.put("path", path);
        all.put("method", method);
        all.put("status", status);
        all.put("client", client);
        all.put("site", site);
        all.put("route", route);
        all.put("pool", pool);
        all.put("endpoint", endpoint);
        all.put("slow", slow);
        all.values().removeIf(value -> value == null);
        return all.isEmpty()
                ? ""
                : all.entrySet().stream()
                        .map(one -> one.getKey() + "=" + AdminOption.segment(String.valueOf(one.getValue())))
                        .collect(Collectors.joining("&", "?", ""));
    }
}
