package io.foregate.tests.admin;

import io.foregate.control.admin.AdminServer;
import io.foregate.control.config.Loaded;
import io.foregate.tests.support.Configured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A proxy with its admin API, and curl as its client. */
final class Administered implements AutoCloseable {
    private final Configured proxy;
    private final AdminServer admin;
    private final Path folder;

    /** What curl got. */
    record Curled(int status, String head, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String error() {
            return json().path("error").asString("");
        }
    }

    private Administered(Configured proxy, AdminServer admin, Path folder) {
        this.proxy = proxy;
        this.admin = admin;
        this.folder = folder;
    }

    static Administered start(Path folder, String yaml) throws Exception {
        Configured proxy = Configured.start(folder, yaml);
        try {
            Loaded.Ok loaded = (Loaded.Ok) proxy.reloader().inForce().load();
            AdminServer.Subject subject = new AdminServer.Subject(proxy.foregate(), proxy.reloader(), "test");
            return new Administered(proxy, AdminServer.start(subject, loaded, folder), folder);
        } catch (Exception e) {
            proxy.close();
            throw e;
        }
    }

    Configured proxy() {
        return proxy;
    }

    AdminServer admin() {
        return admin;
    }

    String url(String path) {
        return "http://" + admin.address() + path;
    }

    /** A call with these further arguments of curl. */
    Curled curl(String path, String... arguments) throws IOException, InterruptedException {
        return run(url(path), arguments);
    }

    /** A write: JSON, by POST unless the arguments say otherwise. */
    Curled post(String path, String json, String... arguments) throws IOException, InterruptedException {
        Path body = Files.writeString(folder.resolve("body.json"), json);
        List<String> all =
                new ArrayList<>(List.of("-H", "Content-Type: application/json", "--data-binary", "@" + body));
        all.addAll(List.of(arguments));
        return curl(path, all.toArray(new String[0]));
    }

    static Curled run(String url, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-S", "-i", "--max-time", "30", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        command.add(url);
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        curl.getOutputStream().close();
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        curl.waitFor();
        String rest = output;
        while (rest.startsWith("HTTP/1.1 100")) {
            rest = rest.substring(rest.indexOf("\r\n\r\n") + 4);
        }
        if (!rest.startsWith("HTTP/1.1 ")) {
            throw new AssertionError("curl " + arguments.length + " " + url + ": " + output);
        }
        int end = rest.indexOf("\r\n\r\n");
        return new Curled(Integer.parseInt(rest.substring(9, 12)), rest.substring(0, end), rest.substring(end + 4));
    }

    @Override
    public void close() throws InterruptedException {
        admin.close();
        proxy.close();
    }
}
