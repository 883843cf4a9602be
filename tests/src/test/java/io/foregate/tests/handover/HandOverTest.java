package io.foregate.tests.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A process that takes over from another, and ones that don't. {@code tests/hand-overs} runs the long form of the first. */
final class HandOverTest {
    private static final int HAND_OVERS = Integer.getInteger("foregate.test.handovers", 1);
    private static final boolean WITH_WRK = Boolean.getBoolean("foregate.test.wrk");
    private static final List<String> OPTIONS = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1");
    private static final Pattern WRK = Pattern.compile("RESULT \\{\"requests\": ([0-9]+),.*\"errors\": \\{(.*)}}");

    @TempDir
    private Path folder;

    private static String yaml(Origin origin, Origin second) {
        return """
                listeners: { main: "127.0.0.1:0", secure: { address: "127.0.0.1:0", tls: on } }
                logs: { access: off }
                shutdown: 20s
                sites:
                  "*": web
                  localhost: { routes: web, tls: internal }
                pools: { web: ["127.0.0.1:%d", "127.0.0.1:%d"] }
                admin: unix:admin.sock
                """.formatted(origin.port(), second.port());
    }

    private static int securePort(Service service) {
        String listening = "listening on https://127.0.0.1:";
        String line = service.first().program().awaitError(text -> text.contains(listening));
        String rest = line.substring(line.indexOf(listening) + listening.length());
        return Integer.parseInt(rest.substring(0, rest.indexOf(' ')));
    }

    @Test
    void nobodyNoticesThatAnotherProcessServes() throws Exception {
        List<Long> took = new ArrayList<>();
        try (Origin origin = Origin.saying("hello");
                Origin other = Origin.saying("other");
                Service service = Service.start(folder, yaml(origin, other), OPTIONS)) {
            String out = "/v1/pools/web/endpoints/127.0.0.1:" + other.port() + "/maintenance";
            assertThat(service.post(out, "{\"reason\": \"new disks\"}").status())
                    .isEqualTo(200);
            int port = service.first().port();
            List<Program> generators = WITH_WRK ? generators(port) : List.of();
            try (Clients clients = new Clients(port, securePort(service))) {
                for (int i = 0; i < HAND_OVERS; i++) {
                    long before = service.pid();
                    JsonNode done = service.upgrade();
                    took.add(done.path("tookMillis").asLong());
                    assertThat(service.pid()).isNotEqualTo(before);
                    assertThat(done.path("leaving").asLong()).isEqualTo(before);
                }
                List<Long> then = clients.answered();
                while (!allMore(clients.answered(), then)) {
                    Thread.sleep(5);
                }
                service.awaitEndOfOthers();
                clients.end();

                System.out.println(HAND_OVERS + " hand-overs, each took (ms): " + took);
                System.out.println(clients);
                assertThat(clients.failures()).isEmpty();
            }
            for (Program generator : generators) {
                generator.signal("INT");
                judge(generator.awaitOutput(line -> line.startsWith("RESULT")));
            }
            // What was set at run time holds, in the last process, too.
            JsonNode pool = service.curl("/v1/pools/web").json();
            assertThat(pool.toString()).contains("\"maintenance\"").contains("new disks");
            // Nor did a process have to close what wouldn't end.
            assertThat(service.first().program().errors())
                    .noneMatch(line -> line.contains(" ERROR ") || line.contains(" WARN "));
        }
    }

    @Test
    void whoIsKnownToBeDownIsNotAskedByTheNextProcessEither() throws Exception {
        AtomicBoolean silent = new AtomicBoolean();
        try (Origin good = checked("good", 200, silent);
                Origin sick = checked("sick", 503, silent);
                Service service = Service.start(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        logs: { access: off }
                        shutdown: 1s
                        sites: { "*": web }
                        pools:
                          web:
                            servers: ["127.0.0.1:%d", "127.0.0.1:%d"]
                            health: { http: /health, interval: 1h, timeout: 30s, unchecked: wait }
                        admin: unix:admin.sock
                        """.formatted(good.port(), sick.port()), OPTIONS)) {
            await().until(() -> {
                String pool = service.curl("/v1/pools/web").json().toString();
                return pool.contains("\"up\"") && pool.contains("\"down\"");
            });
            // From now on checks hang, so what a new process knows is what it has been told.
            silent.set(true);
            service.upgrade();
            service.awaitEndOfOthers();

            String pool = service.curl("/v1/pools/web").json().toString();
            assertThat(pool).contains("\"up\"").contains("\"down\"").contains("check failed: ");
            for (int i = 0; i < 20; i++) {
                assertThat(service.first().get("/").text()).isEqualTo("good");
            }
        }
    }

    private static Origin checked(String text, int status, AtomicBoolean silent) throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                if (!request.start().contains("/health")) {
                    connection.send(Origin.ok(text));
                } else if (silent.get()) {
                    connection.ends();
                } else {
                    connection.send("HTTP/1.1 " + status + " Said\r\nContent-Length: 0\r\n\r\n");
                }
            }
        });
    }

    private static boolean allMore(List<Long> now, List<Long> then) {
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) <= then.get(i)) {
                return false;
            }
        }
        return true;
    }

    // One that keeps its connections as long as it may, and one that makes a new one for each request.
    private static List<Program> generators(int port) throws IOException {
        String url = "http://127.0.0.1:" + port + "/";
        String report = RealProcess.root().resolve("bench/load/report.lua").toString();
        return List.of(
                Program.start("wrk", "-t1", "-c8", "-d600s", "--timeout", "20s", "-s", report, url),
                Program.start(
                        "wrk",
                        "-t1",
                        "-c2",
                        "-d600s",
                        "--timeout",
                        "20s",
                        "-H",
                        "Connection: close",
                        "-s",
                        report,
                        url));
    }

    private static void judge(String result) {
        System.out.println("wrk: " + result);
        Matcher found = WRK.matcher(result);
        assertThat(found.matches()).as(result).isTrue();
        assertThat(Long.parseLong(found.group(1))).isPositive();
        assertThat(found.group(2)).doesNotContainPattern("[1-9]");
    }

    @Test
    void theOldProcessGoesOnWhenTheNewOneIsNoGood() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Service service = Service.start(folder, yaml(origin, origin), OPTIONS);
                Wire kept = service.first().client()) {
            assertThat(kept.get("/").text()).isEqualTo("hello");
            long pid = service.pid();

            assertThat(refusal(service, "{\"binary\": \"/nowhere\"}")).contains("there is no file /nowhere");
            assertThat(refusal(service, "{\"binary\": \"" + script("exit 7") + "\"}"))
                    .contains("ended with exit code 7 before it served");
            assertThat(refusal(service, "{\"binary\": \"" + script("exec sleep 60") + "\", \"ready\": \"300ms\"}"))
                    .contains("wasn't ready within the time");
            Path bad = Files.writeString(folder.resolve("bad.yaml"), "sites: { '*': nowhere }\n");
            assertThat(refusal(service, "{\"config\": \"" + bad + "\"}"))
                    .contains("bad.yaml:1:15")
                    .contains("there is no pool");
            // It says that it serves, with the sockets in its hands, and dies.
            assertThat(refusal(service, "{\"binary\": \"" + dyingSuccessor() + "\"}"))
                    .contains("it has died");

            assertThat(service.curl("/v1/status").json().path("pid").asLong()).isEqualTo(pid);
            assertThat(service.curl("/v1/status").json().path("state").asString(""))
                    .isEqualTo("serving");
            Message answer = kept.get("/");
            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.field("Connection")).isNull();
            for (int i = 0; i < 20; i++) {
                assertThat(service.first().get("/").text()).isEqualTo("hello");
            }
            // Changes are made again.
            service.first().program().signal("HUP");
            service.first().program().awaitError(line -> line.contains("(SIGHUP"));
            assertThat(service.first().terminate()).isZero();
        }
    }

    private static String refusal(Service service, String wish) throws Exception {
        Service.Answer answer = service.post("/v1/upgrade", wish);
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(409);
        return answer.error();
    }

    private Path script(String line) throws IOException {
        return executable("#!/bin/sh\n" + line + "\n");
    }

    private Path dyingSuccessor() throws IOException {
        return executable("""
                #!/usr/bin/env python3
                import json, os, socket, struct
                old = socket.socket(socket.AF_UNIX)
                old.connect(os.environ["FOREGATE_HANDOVER"])
                def say(**message):
                    text = json.dumps(message).encode()
                    old.sendall(struct.pack(">I", len(text)) + text)
                say(says="hello", protocol=1, pid=os.getpid(), version="none")
                length = struct.unpack(">I", old.recv(4, socket.MSG_WAITALL))[0]
                old.recv(length, socket.MSG_WAITALL)
                for listener in range(2):
                    socket.recv_fds(old, 1, 64)
                say(says="serving")
                """);
    }

    private Path executable(String text) throws IOException {
        Path file = Files.createTempFile(folder, "program", "");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
