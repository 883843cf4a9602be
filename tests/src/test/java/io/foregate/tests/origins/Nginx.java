package io.foregate.tests.origins;

import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** nginx as an origin: some server blocks, each on a port of its own. */
final class Nginx implements AutoCloseable {
    private final Program program;
    private final List<Integer> ports;

    private Nginx(Program program, List<Integer> ports) {
        this.program = program;
        this.ports = ports;
    }

    /** Starts it. In each block {@code PORT} stands for its address and port, {@code DIR} for the folder. */
    static Nginx start(Path folder, String... servers) throws IOException {
        Path home = Files.createTempDirectory(folder, "nginx");
        List<Integer> ports = new ArrayList<>();
        StringBuilder blocks = new StringBuilder();
        for (String server : servers) {
            int port = Ports.free();
            ports.add(port);
            blocks.append("server {\n")
                    .append(server.replace("PORT", "127.0.0.1:" + port).replace("DIR", folder.toString()))
                    .append("\n}\n");
        }
        String temporary = "";
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            temporary += kind + "_temp_path " + home + "/" + kind + ";\n";
        }
        Path file = home.resolve("nginx.conf");
        Files.writeString(
                file,
                "daemon off; master_process off; pid " + home + "/pid; error_log stderr warn;\n"
                        + "events { worker_connections 512; }\n"
                        + "http { access_log off; client_max_body_size 0; keepalive_requests 100000;\n" + temporary
                        + blocks + "}\n");
        Program program = Program.start("nginx", "-p", home.toString(), "-c", file.toString(), "-e", "stderr");
        for (int port : ports) {
            await().ignoreExceptions().until(() -> {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return true;
            });
        }
        return new Nginx(program, ports);
    }

    /** The port of one of the blocks. */
    int port(int block) {
        return ports.get(block);
    }

    @Override
    public void close() {
        program.close();
    }
}
