package io.foregate.control.admin;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.handover.Upgrade;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leaving the service to another process. Stateless. */
final class UpgradeResources {
    private static final String READY = "60s";
    private static final long MOST_READY_SECONDS = 100;

    private UpgradeResources() {}

    static List<Resource> table() {
        return List.of(Resource.write(
                        "POST",
                        "/v1/upgrade",
                        Resource.spec(
                                "upgrade",
                                "Starts another process, a new version for instance, which takes over the listening sockets;"
                                        + " this one ends when it has done what it has. When the other one doesn't come to"
                                        + " serve, nothing has changed, and the answer (409) says why.",
                                Admin.Role.CONFIGURE),
                        UpgradeResources::upgrade)
                .body(
                        "binary",
                        Resource.Type.STRING,
                        "The program to start: a launcher, or a jar. Without it, this process's own as it is on disk now. By"
                                + " a unix socket only.")
                .body(
                        "config",
                        Resource.Type.STRING,
                        "The configuration file to run with. Without it, the configuration in force goes over.")
                .body("ready", Resource.Type.STRING, "How long it may take until it serves; " + READY + ".")
                .body(
                        "grace",
                        Resource.Type.STRING,
                        "How long this process may take to end what it has; shutdown.grace when nothing is said."));
    }

    private static Reply upgrade(Call call, Live live) throws Refusal, InterruptedException {
        Upgrade upgrade = live.upgrade();
        if (upgrade == null) {
            throw new Refusal(409, "this process can't leave its place to another one");
        }
        Path binary = path(call, "binary");
        if (binary != null && !call.caller().from().equals(Door.UNIX)) {
            throw new Refusal(
                    403,
                    "another program is only started for those who call by a unix socket (admin: unix:PATH): they are this"
                            + " process's own user, who could start it anyway");
        }
        Timeout ready = duration(call, "ready", READY);
        if (ready.nanos() > Duration.ofSeconds(MOST_READY_SECONDS).toNanos()) {
            throw new Refusal(400, "ready is at most 100s");
        }
        Timeout grace = call.text("grace").isEmpty() ? null : duration(call, "grace", "");
        Upgrade.Wish wish = new Upgrade.Wish(binary, path(call, "config"), Duration.ofNanos(ready.nanos()), grace);
        return switch (upgrade.run(wish)) {
            case Upgrade.Outcome.Failed failed -> Reply.error(409, failed.why());
            case Upgrade.Outcome.Done done -> {
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("pid", done.pid());
                tree.put("version", done.version());
                tree.put("tookMillis", done.took().toMillis());
                tree.put("leaving", ProcessHandle.current().pid());
                tree.put("connections", live.foregate().connections());
                yield Reply.of(tree);
            }
        };
    }

    // A relative one would be the process's, not the caller's.
    private static @Nullable Path path(Call call, String field) throws Refusal {
        String text = call.text(field);
        if (text.isEmpty()) {
            return null;
        }
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new Refusal(400, field + " is an absolute path");
        }
        return Path.of(text);
    }

    private static Timeout duration(Call call, String field, String otherwise) throws Refusal {
        try {
            return Timeout.parse(call.text(field).isEmpty() ? otherwise : call.text(field));
        } catch (BadValue e) {
            throw new Refusal(400, field + ": " + e.what());
        }
    }
}
