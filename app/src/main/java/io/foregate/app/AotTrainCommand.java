package io.foregate.app;

import io.foregate.app.demo.DemoOrigins;
import io.foregate.control.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import sun.misc.Signal;

@Command(
        name = "aot-train",
        hidden = true,
        description = "Does for a few seconds what a proxy does, so that the JVM can write its start-up cache.")
final class AotTrainCommand implements Callable<Integer> {
    private static final int ROUNDS = 400;
    private static final long LONGEST_NANOS = 1_500_000_000L;
    private static final long LONGEST_START_NANOS = 20_000_000_000L;
    private static final int RELOADS = 15;
    private static final int ROUTES = 2000;
    private static final long RELOAD_NANOS = 200_000_000;
    private static final String BODY = "x".repeat(5000);
    private static final String CHUNKED = "1388\r\n" + BODY + "\r\n0\r\n\r\n";

    // All on one connection, in turn; the last one ends it.
    private static final List<String> REQUESTS = List.of(
            "GET /who HTTP/1.1\r\nHost: localhost\r\nUser-Agent: train\r\nAccept: */*\r\n\r\n",
            "HEAD /who HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /headers?a=1 HTTP/1.1\r\nHost: a.example\r\nCookie: a=b\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n",
            "GET /api/who HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" + BODY,
            "POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED,
            "GET /old HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /error HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /nowhere HTTP/1.1\r\nHost: nobody.example\r\nConnection: close\r\n\r\n");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("foregate-train");
        try (DemoOrigins origins = new DemoOrigins()) {
            Path file = folder.resolve("foregate.yaml");
            Files.writeString(file, config(origins, new InetSocketAddress("127.0.0.1", 0)));
            commands(file);
            StateFolder.of(file);
            ConfigLoader.load("train", "sites: { a: { routes: { /x: nowhere } } }\npols: {}\n");
            InetSocketAddress address = freeAddress();
            Files.writeString(file, config(origins, address));
            Thread.ofVirtual().start(() -> drive(address, file));
            RunCommand.run(file, false, folder.resolve("state"));
        } finally {
            delete(folder);
        }
        return Main.FINE;
    }

    // The end comes by a signal, as it does in earnest.
    private static void drive(InetSocketAddress address, Path file) {
        try {
            long begin = System.nanoTime();
            awaitServing(address, begin + LONGEST_START_NANOS);
            for (int i = 0; i < ROUNDS && System.nanoTime() - begin < LONGEST_NANOS; i++) {
                converse(address, String.join("", REQUESTS));
            }
            converse(address, "GET / HTTP/1.1\r\nBad\r\n\r\n");
            reload(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Signal.raise(new Signal("TERM"));
        }
    }

    // Of many routes, since the first reload of those is where a cold start would be felt by requests.
    private static void reload(Path file) throws IOException {
        String yaml = Files.readString(file);
        for (int round = 0; round < RELOADS; round++) {
            StringBuilder routes = new StringBuilder();
            for (int i = 0; i < ROUTES; i++) {
                routes.append("      /round-")
                        .append(i % 10 == 0 ? round : 0)
                        .append('/')
                        .append(i)
                        .append("/*: web\n");
            }
            Files.writeString(file, yaml.replace("      /old:", routes + "      /old:"));
            Signal.raise(new Signal("HUP"));
            LockSupport.parkNanos(RELOAD_NANOS);
        }
    }

    // What comes before a start, and the commands that people wait for.
    private static void commands(Path file) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        Shortcut.of("run", "--config", file.toString());
        Shortcut.of("proxy", "--from", ":0", "--to", "localhost:1");
        Cli.execute(nowhere, nowhere, "run", "--help");
        Cli.execute(nowhere, nowhere, "proxy", "--from", ":0", "--to", "ftp://unsupported");
        Cli.execute(nowhere, nowhere, "check", file.toString());
        Cli.execute(nowhere, nowhere, "check", "--json", file.toString());
        Cli.execute(nowhere, nowhere, "explain", file.toString(), "GET", "http://localhost/api/who");
        Cli.execute(nowhere, nowhere, "version");
    }

    private static void awaitServing(InetSocketAddress address, long deadline) throws IOException {
        while (true) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                return;
            } catch (ConnectException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    // Free a moment ago, which is enough for what may fail.
    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    private static String config(DemoOrigins origins, InetSocketAddress listener) {
        StringBuilder servers = new StringBuilder();
        for (InetSocketAddress address : origins.addresses().values()) {
            servers.append(servers.isEmpty() ? "" : ", ").append("localhost:").append(address.getPort());
        }
        return """
                listeners: { train: "%s", secure: { address: "127.0.0.1:0", tls: on } }
                sites:
                  "*":
                    routes:
                      /*: web
                      /api/*: { to: web, strip-prefix: /api, use: [edits] }
                      /old: { redirect: /new }
                  a.example: web
                  secure.example: { tls: internal, https-redirect: off, routes: { /*: web } }
                  nobody.example: { routes: { /x: web } }
                pools:
                  web: { servers: [%s], balance: least-requests }
                policies:
                  edits:
                    request-headers: { set: { X-Client: "{client.ip}" }, remove: [X-None] }
                    response-headers: { add: { X-Proxy: foregate } }
                logs: { access: { format: json, to: access.log } }
                shutdown: 2s
                """.formatted("127.0.0.1:" + listener.getPort(), servers);
    }

    private static void converse(InetSocketAddress address, String requests) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(requests.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
