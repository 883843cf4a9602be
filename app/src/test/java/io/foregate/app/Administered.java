package io.foregate.app;

import io.foregate.control.admin.AdminServer;
import io.foregate.control.config.Loaded;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Revisions;
import io.foregate.control.reload.Source;
import io.foregate.control.run.Foregate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Foregate in this process whose admin API commands can ask. Its files are in a folder. */
final class Administered implements AutoCloseable {
    private final Path folder;
    private final Foregate foregate;
    private final Reloader reloader;
    private final AdminServer admin;

    private Administered(Path folder, Foregate foregate, Reloader reloader, AdminServer admin) {
        this.folder = folder;
        this.foregate = foregate;
        this.reloader = reloader;
        this.admin = admin;
    }

    static Administered start(Path folder, String yaml) throws Exception {
        Source source = new Source(folder.resolve("foregate.yaml").toString(), yaml.getBytes(StandardCharsets.UTF_8));
        Loaded.Ok loaded = (Loaded.Ok) source.load();
        Foregate foregate = Foregate.start(loaded, Foregate.Settings.of(folder));
        Reloader reloader = new Reloader(foregate, source, Revisions.inMemory());
        AdminServer admin = AdminServer.start(new AdminServer.Subject(foregate, reloader, "test"), loaded, folder);
        return new Administered(folder, foregate, reloader, admin);
    }

    Foregate foregate() {
        return foregate;
    }

    Reloader reloader() {
        return reloader;
    }

    AdminServer admin() {
        return admin;
    }

    /** Where it is for commands, when it is at {@code admin.sock}. */
    String socket() {
        return "unix:" + folder.resolve("admin.sock");
    }

    /** Runs a command against {@link #socket}. */
    Result run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--admin", socket()));
        return Result.of(all.toArray(new String[0]));
    }

    @Override
    public void close() throws InterruptedException {
        admin.close();
        foregate.stop();
    }
}
