package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote: curl, nghttp, h2load. */
@ExtendWith(NoLeaks.class)
final class ClientsTest {
    private static final int UPLOAD_BYTES = 100 << 20;

    @TempDir
    private Path folder;

    private static Origin origin() throws IOException {
        return Origin.start(connection -> {
            for (Message head = connection.head(); head != null; head = connection.head()) {
                if (head.target().equals("/large")) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
                    connection.send(new byte[10_000_000]);
                } else if (head.method().equals("PUT")) {
                    long length = Long.parseLong(java.util.Objects.requireNonNull(head.field("Content-Length")));
                    connection.in().skipNBytes(length);
                    connection.send(Origin.ok(String.valueOf(length)));
                } else {
                    connection.send(Origin.ok("hello"));
                }
            }
        });
    }

    @Test
    void curl() throws IOException {
        try (Origin origin = origin();
                Proxy proxy = Proxy.to(origin).open()) {
            String url = "http://127.0.0.1:" + proxy.port();
            assertThat(Program.run("curl", "-sSf", "--http2-prior-knowledge", "-w", " %{http_version}", url + "/"))
                    .isEqualTo("hello 2");
            Path file = folder.resolve("upload");
            try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(UPLOAD_BYTES);
            }
            assertThat(Program.run("curl", "-sSf", "--http2-prior-knowledge", "-T", file.toString(), url + "/put"))
                    .isEqualTo(String.valueOf(UPLOAD_BYTES));
            assertThat(Program.run(
                            "curl",
                            "-sSf",
                            "--http2-prior-knowledge",
                            "-o",
                            "/dev/null",
                            "-w",
                            "%{size_download}",
                            url + "/large"))
                    .isEqualTo("10000000");
        }
    }

    @Test
    void nghttp() throws IOException {
        try (Origin origin = origin();
                Proxy proxy = Proxy.to(origin).open()) {
            String url = "http://127.0.0.1:" + proxy.port();
            assertThat(Program.run("nghttp", "-nv", "-m", "20", url + "/")).contains(":status: 200", "END_STREAM");
        }
    }

    @Test
    void h2load() throws IOException {
        try (Origin origin = origin();
                Proxy proxy = Proxy.to(origin).loops(2).open()) {
            String url = "http://127.0.0.1:" + proxy.port();
            assertThat(Program.run("h2load", "-n", "5000", "-c", "8", "-m", "32", url + "/"))
                    .contains("5000 succeeded, 0 failed, 0 errored");
            assertThat(Program.run("h2load", "-n", "40", "-c", "4", "-m", "5", url + "/large"))
                    .contains("40 succeeded, 0 failed, 0 errored");
        }
    }
}
