package io.foregate.app;

import io.foregate.app.demo.DemoOrigins;
import io.foregate.control.run.Foregate;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description =
                "A proxy in front of three small servers, with and without TLS, to look around. Nothing to configure.",
        footer = {
            "",
            "Examples:",
            "  foregate demo",
            "  foregate demo --port 9000",
            "  foregate demo --print-config         the configuration that it runs with"
        })
final class DemoCommand implements Callable<Integer> {
    private static final int PORT = 8080;
    private static final int LAST_PORT = 8099;
    private static final int TLS_PORT = 8443;
    private static final int LAST_TLS_PORT = 8462;

    @Mixin
    private final Help help = new Help();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The proxy's port on 127.0.0.1 (default: 8080, or the next one that is free).")
    private @Nullable Integer port;

    @Option(names = "--print-config", description = "Print the configuration and end.")
    private boolean printConfig;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        int chosen = port != null ? port : freePort(out, PORT, LAST_PORT);
        int secure = port != null && port == 0 ? 0 : freePort(out, TLS_PORT, LAST_TLS_PORT);
        try (DemoOrigins origins = new DemoOrigins()) {
            String config = config(chosen, secure, origins);
            if (printConfig) {
                out.print(config);
                return Main.FINE;
            }
            return Serving.run(() -> {
                Foregate foregate = Serving.start(
                        Configurations.text("demo", config), Path.of("").toAbsolutePath());
                greet(
                        out,
                        foregate.listeners().getFirst().address().getPort(),
                        foregate.listeners().get(1).address().getPort(),
                        origins);
                return new Serving.Served(foregate);
            });
        }
    }

    private static int freePort(PrintWriter out, int first, int last) {
        for (int candidate = first; candidate <= last; candidate++) {
            if (isFree(candidate)) {
                if (candidate != first) {
                    out.println("Port " + first + " is taken, so the demo uses " + candidate + ".");
                }
                return candidate;
            }
        }
        throw new Refused("the ports " + first + " to " + last + " are all taken; choose one with --port");
    }

    private static boolean isFree(int port) {
        try (Socket probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String config(int port, int securePort, DemoOrigins origins) {
        String servers = origins.addresses().values().stream()
                .map(address -> "127.0.0.1:" + address.getPort())
                .collect(Collectors.joining(", "));
        return """
                listeners:
                  demo: "127.0.0.1:%d"
                  demo-tls: { address: "127.0.0.1:%d", tls: on }
                sites:
                  "*":
                    tls: internal
                    https-redirect: off
                    routes:
                      /*: colours
                      /api/*: { to: colours, strip-prefix: /api, response-headers: { set: { X-Demo: "the prefix /api was stripped" } } }
                      /old: { redirect: /headers }
                      /maintenance: { respond: { status: 503, body: "Back soon.\\n", headers: { Retry-After: "60" } } }
                      /impatient/*: { to: colours, strip-prefix: /impatient, timeouts: { first-byte: 1s } }
                      /upload: { to: colours, limits: { body: 1MB } }
                pools:
                  colours: [%s]
                logs: { access: combined }
                shutdown: 2s
                """.formatted(port, securePort, servers);
    }

    private static void greet(PrintWriter out, int port, int securePort, DemoOrigins origins) {
        String base = "http://127.0.0.1:" + port;
        out.println();
        out.println("  " + base + "   the proxy: open it in a browser, it says what to try");
        out.println(
                "  https://127.0.0.1:" + securePort + "  the same with TLS; its certificate is made for the occasion");
        origins.addresses()
                .forEach((name, address) ->
                        out.println("    in front of http://127.0.0.1:" + address.getPort() + "   " + name));
        out.println();
        out.println("  curl " + base + "/who        each server in turn");
        out.println("  curl " + base + "/headers    what a server gets to see");
        out.println();
        out.println("Each request that is answered makes a line below. Ctrl-C ends the demo.");
        out.println();
    }
}
