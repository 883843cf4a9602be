package io.foregate.control.admin;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.AdminAddress;
import io.foregate.control.handover.Upgrade;
import io.foregate.control.reload.Companion;
import io.foregate.control.reload.Reloader;
import io.foregate.control.rollout.Rollouts;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.tls.TlsException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin API of one process, as its configuration says: who may use it is exchanged with the configuration, and so is the place
 * where it listens.
 *
 * <p>Thread-safe. Lives until {@link #close}, which comes after the proxy has drained, so that whoever looks can watch that.
 */
public final class AdminServer implements Companion, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final TreePath ADMIN = TreePath.ROOT.key("admin");

    private final Router router;
    private final Path folder;
    private Admin settings;
    private @Nullable Door door;
    private volatile @Nullable AdminIdentity identity;
    private final Thread looks =
            Thread.ofVirtual().name("foregate-admin-certificate").unstarted(this::look);
    private Loaded.@Nullable Ok pending;
    private boolean closed;

    private AdminServer(Router router, Path folder, Admin settings) {
        this.router = router;
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * What the API is about.
     *
     * @param upgrade leaves the service to another process; null where there can't be one
     */
    public record Subject(
            Foregate foregate,
            Reloader reloader,
            Rollouts rollouts,
            String version,
            @Nullable Upgrade upgrade) {
        /** One that stays what it is, with rollouts that end with the process. */
        public Subject(Foregate foregate, Reloader reloader, String version) {
            this(foregate, reloader, Rollouts.inMemory(), version, null);
            rollouts.begin(foregate, reloader);
        }
    }

    /**
     * Listens as {@code loaded} says, which may be nowhere, and goes along with the configuration from now on.
     *
     * @param folder where relative paths of the configuration start
     * @throws AdminFailure saying what to do when it can't; nothing is left then
     */
    public static AdminServer start(Subject subject, Loaded.Ok loaded, Path folder) throws AdminFailure {
        Live live = new Live(
                subject.foregate,
                subject.reloader,
                subject.rollouts,
                subject.upgrade,
                new Audit(),
                subject.version,
                Instant.now());
        AdminServer server =
                new AdminServer(new Router(live), folder, loaded.config().admin());
        server.door = server.open(loaded);
        subject.reloader.goesAlong(server);
        server.looks.start();
        return server;
    }

    /** Whatever is wrong with what the configuration says of the API, but for addresses that are taken; nothing is opened. */
    public static void check(Loaded.Ok loaded, Path folder) throws AdminFailure {
        Access.of(loaded);
        identity(loaded, folder);
    }

    /** Where it listens, with the real port; {@code off} when it doesn't. */
    public synchronized AdminAddress address() {
        return door == null ? AdminAddress.OFF : door.address();
    }

    private @Nullable Door open(Loaded.Ok loaded) throws AdminFailure {
        AdminAddress wanted = loaded.config().admin().listen();
        if (wanted.kind() == AdminAddress.Kind.OFF) {
            return null;
        }
        Access access = Access.of(loaded);
        AdminIdentity shown = wanted.kind() == AdminAddress.Kind.TCP ? identity(loaded, folder) : null;
        try {
            SSLContext tls = shown == null ? null : shown.context();
            Door opened = Door.open(wanted, new Door.Keys(access, tls), folder, router::answer);
            LOG.info("the admin API listens on {}{}", tls == null ? "" : "https://", opened.address());
            identity = shown;
            return opened;
        } catch (GeneralSecurityException e) {
            throw failure(loaded, "tls", String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failure(loaded, "listen", "the admin API can't listen on " + wanted + ": " + e.getMessage(), e);
        }
    }

    private static AdminFailure failure(Loaded.Ok loaded, String key, String message, Exception cause) {
        TreePath path = ADMIN.key(key);
        return new AdminFailure(Problem.at(loaded.sources().valueOf(path), path.toString(), message, ""), cause);
    }

    private static @Nullable AdminIdentity identity(Loaded.Ok loaded, Path folder) throws AdminFailure {
        Admin.Certificate files = loaded.config().admin().tls();
        if (files == null) {
            return null;
        }
        try {
            return AdminIdentity.of(
                    folder.resolve(files.cert().text()),
                    folder.resolve(files.key().text()));
        } catch (TlsException e) {
            throw failure(loaded, "tls", String.valueOf(e.getMessage()), e);
        }
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(LOOK);
                AdminIdentity shown = identity;
                if (shown != null) {
                    shown.refresh();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable Problem obstacle(Loaded.Ok next) {
        try {
            check(next, folder);
            return null;
        } catch (AdminFailure e) {
            return e.problem();
        }
    }

    @Override
    public void follow(Loaded.Ok next) {
        try {
            Access access = Access.of(next);
            Admin wanted = next.config().admin();
            synchronized (this) {
                boolean open = door != null || wanted.listen().kind() == AdminAddress.Kind.OFF;
                boolean same = open
                        && wanted.listen().equals(settings.listen())
                        && Objects.equals(wanted.tls(), settings.tls());
                if (same && door != null) {
                    door.access(access);
                }
                pending = same ? null : next;
                if (same || closed) {
                    return;
                }
            }
        } catch (AdminFailure e) {
            LOG.error("{}; the admin API stays as it was", e.getMessage());
            return;
        }
        // The call that brought this change may have come by the door that closes now: it is answered first.
        Thread.ofVirtual().name("foregate-admin-move").start(this::move);
    }

    private synchronized void move() {
        // The newest, whichever change this thread was started for.
        Loaded.Ok next = pending;
        pending = null;
        if (closed || next == null) {
            return;
        }
        Admin wanted = next.config().admin();
        Door before = door;
        // One address can't be had twice.
        boolean first = wanted.listen().equals(settings.listen());
        if (first && before != null) {
            door = null;
            before.close();
        }
        try {
            door = open(next);
            settings = wanted;
        } catch (AdminFailure e) {
            LOG.error("{}; {}", e.getMessage(), door == null ? "there is no admin API" : "it stays where it was");
            onlyThose(next);
            return;
        }
        if (before != null && !first) {
            before.close();
        }
    }

    // Where it could not move to another place: who has lost a token has lost it all the same.
    private void onlyThose(Loaded.Ok next) {
        if (door != null && !next.config().admin().tokens().isEmpty()) {
            try {
                door.access(Access.of(next));
            } catch (AdminFailure e) {
                LOG.error("{}; the tokens stay as they were", e.getMessage());
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        looks.interrupt();
        if (door != null) {
            door.close();
            door = null;
        }
    }
}
