package io.foregate.app;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "proxy",
        description = "A reverse proxy in one line, without a configuration file.",
        footer = {
            "",
            "Examples:",
            "  foregate proxy --to 3000",
            "  foregate proxy --from 127.0.0.1:8080 --to app1:3000 --to app2:3000",
            "  foregate proxy --from :8443 --to 3000 --tls",
            "  foregate proxy --from :443 --to 3000 --cert app.pem --key app.key",
            "",
            "Servers may be written as host:port, :port, port, http://host:port or https://host:port. Requests go to",
            "them in turn; one that refuses connections is left out until it is back."
        })
final class ProxyCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = ":8080",
            description = "Where to listen: :port, or address:port (default: ${DEFAULT-VALUE}).")
    private String from = ":8080";

    @Option(
            names = "--to",
            paramLabel = "SERVER",
            required = true,
            description = "A server to send requests to. May be given several times.")
    private List<String> to = List.of();

    @Option(
            names = "--balance",
            paramLabel = "HOW",
            defaultValue = "round-robin",
            description = "round-robin, least-requests, peak-ewma, random or hash (default: ${DEFAULT-VALUE}).")
    private String balance = "round-robin";

    @Option(
            names = "--access-log",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description =
                    "One line for each request on standard output: json, combined or off (default: ${DEFAULT-VALUE}).")
    private String accessLog = "json";

    @Option(
            names = "--tls",
            description = "Speak https, with a certificate made for the occasion, which no client trusts.")
    private boolean tls;

    @Option(names = "--cert", paramLabel = "FILE", description = "Speak https with this certificate (PEM).")
    private @Nullable String cert;

    @Option(names = "--key", paramLabel = "FILE", description = "The certificate's private key (PEM).")
    private @Nullable String key;

    @Override
    public Integer call() throws InterruptedException {
        return new OneLine(from, to, balance, accessLog, new OneLine.Certificate(tls, cert, key)).run();
    }
}
