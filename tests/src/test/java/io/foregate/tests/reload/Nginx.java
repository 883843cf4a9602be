package io.foregate.tests.reload;

import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** nginx that speaks TLS with a certificate of a folder, and says {@code secure}. */
final class Nginx implements AutoCloseable {
    private final Program program;
    private final int port;

    private Nginx(Program program, int port) {
        this.program = program;
        this.port = port;
    }

    static Nginx start(Path folder) throws IOException {
        return start(folder, "ca");
    }

    /** With the certificate {@code name.pem} and the key of the authority. */
    static Nginx start(Path folder, String name) throws IOException {
        int port = Ports.free();
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off; master_process off; pid DIR/nginx.pid; error_log stderr;
                events {}
                http {
                  access_log off; client_body_temp_path DIR/a; proxy_temp_path DIR/b; fastcgi_temp_path DIR/c;
                  uwsgi_temp_path DIR/d; scgi_temp_path DIR/e;
                  server {
                    listen 127.0.0.1:PORT ssl; ssl_certificate DIR/NAME.pem; ssl_certificate_key DIR/ca.key;
                    location / { return 200 "secure"; }
                  }
                }
                """.replace("DIR", folder.toString())
                .replace("PORT", String.valueOf(port))
                .replace("NAME", name));
        Nginx nginx = new Nginx(Program.start("nginx", "-c", config.toString()), port);
        await().until(() -> {
            try (Socket probe = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        return nginx;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
    }
}
