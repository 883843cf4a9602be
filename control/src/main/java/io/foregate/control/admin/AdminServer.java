package io.foregate.control.admin;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.AdminAddress;
import io.foregate.control.pem.Pem;
import io.foregate.control.reload.Companion;
import io.foregate.control.reload.Reloader;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.tls.TlsException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
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
    private static final TreePath ADMIN = TreePath.ROOT.key("admin");

    private final Router router;
    private final Path folder;
    private Admin settings;
    private @Nullable Door door;
    private Loaded.@Nullable Ok pending;
    private boolean closed;

    private AdminServer(Router router, Path folder, Admin settings) {
        this.router = router;
        this.folder = folder;
        this.settings = settings;
    }

    /** What the API is about. */
    public record Subject(Foregate foregate, Reloader reloader, String version) {}

    /**
     * Listens as {@code loaded} says, which may be nowhere, and goes along with the configuration from now on.
     *
     * @param folder where relative paths of the configuration start
     * @throws AdminFailure saying what to do when it can't; nothing is left then
     */
    public static AdminServer start(Subject subject, Loaded.Ok loaded, Path folder) throws AdminFailure {
        Live live = new Live(subject.foregate, subject.reloader, new Audit(), subject.version, Instant.now());
        AdminServer server =
                new AdminServer(new Router(live), folder, loaded.config().admin());
        server.door = server.open(loaded);
        subject.reloader.goesAlong(server);
        return server;
    }

    /** Whatever is wrong with what the configuration says of the API, but for addresses that are taken; nothing is opened. */
    public static void check(Loaded.Ok loaded, Path folder) throws AdminFailure {
        Access.of(loaded);
        tls(loaded, folder);
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
        SSLContext tls = wanted.kind() == AdminAddress.Kind.TCP ? tls(loaded, folder) : null;
        try {
            Door opened = Door.open(wanted, new Door.Keys(access, tls), folder, router::answer);
            LOG.info("the admin API listens on {}{}", tls == null ? "" : "https://", opened.address());
            return opened;
        } catch (IOException e) {
            throw failure(loaded, "listen", "the admin API can't listen on " + wanted + ": " + e.getMessage(), e);
        }
    }

    private static AdminFailure failure(Loaded.Ok loaded, String key, String message, Exception cause) {
        TreePath path = ADMIN.key(key);
        return new AdminFailure(Problem.at(loaded.sources().valueOf(path), path.toString(), message, ""), cause);
    }

    private static @Nullable SSLContext tls(Loaded.Ok loaded, Path folder) throws AdminFailure {
        Admin.Certificate files = loaded.config().admin().tls();
        if (files == null) {
            return null;
        }
        try {
            Path cert = folder.resolve(files.cert().text());
            Path key = folder.resolve(files.key().text());
            List<X509Certificate> chain = Pem.certificates(Pem.bytes(cert), cert.toString());
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "admin",
                    Pem.privateKey(Pem.bytes(key), key.toString(), null),
                    new char[0],
                    chain.toArray(new X509Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (TlsException | GeneralSecurityException | IOException e) {
            throw failure(loaded, "tls", String.valueOf(e.getMessage()), e);
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
        if (door != null) {
            door.close();
            door = null;
        }
    }
}
