package io.foregate.control.certificates;

import io.foregate.control.build.TlsBuilder;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.EffectiveTls;
import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.Tls;
import io.foregate.proxy.tls.Alpn;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.SiteIdentity;
import io.foregate.proxy.tls.TlsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificates of all sites as their files are: looks at the files, swaps what has changed, makes session ticket keys
 * anew, has OCSP responses fetched, and says what expires. Two virtual threads of its own, of which only the one for OCSP ever
 * waits for the network. Thread-safe; lives as long as the process.
 */
public final class Certificates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
    private static final int MICROS_PER_FILE = 500;
    private static final Duration OCSP_LOOK = Duration.ofSeconds(5);
    private static final Duration TICKET_KEY_LIFE = Duration.ofHours(8);
    private static final int TICKET_KEYS = 3;
    private static final Duration DAY = Duration.ofDays(1);

    /** The file with shared ticket keys, as the configuration names it. */
    private record SharedKeys(FilePath path, TicketKeyFile file) {}

    private final CertificateFiles files;
    private final CertificateStore store;
    private final List<Thread> threads = new ArrayList<>();
    private volatile List<SiteCertificates> sites = List.of();
    private volatile @Nullable SharedKeys ticketKeys;
    private boolean accelerated;
    private boolean closed;

    /**
     * Looks after nothing yet.
     *
     * @param folder where relative paths start
     * @param store what is in force; shared with those who make handshakes
     */
    public Certificates(Path folder, CertificateStore store) {
        this.files = new CertificateFiles(folder);
        this.store = store;
    }

    /** Throws when a configuration asks for TLS and there is none to be had in this process. */
    public static void require(EffectiveConfig config) throws TlsException {
        // Only then is it looked for: a start without TLS is quicker without loading BoringSSL.
        if (config.sites().stream().noneMatch(site -> site.tls() != null)) {
            return;
        }
        String missing = CertificateStore.missing();
        if (missing != null) {
            throw new TlsException(missing);
        }
    }

    /**
     * Makes the certificates of a configuration ready, which is about to be in force: those of sites that are as before stay as
     * they are, others are read and put into the store. A site whose files can't be used goes on with what it had; if it had
     * nothing, it is without a certificate until they can. Both are logged, and no reason not to go on. Sites that the
     * configuration doesn't have are no longer looked after.
     */
    public synchronized void follow(EffectiveConfig config) {
        Map<String, SiteCertificates> before = new HashMap<>();
        sites.forEach(site -> before.put(site.identity().name(), site));
        Set<Alpn> offers = new HashSet<>(TlsBuilder.offers(config));
        List<SiteCertificates> next = new ArrayList<>();
        followTicketKeys(config);
        boolean accelerate = config.tls().accelerator() == Tls.Accelerator.AUTO;
        boolean same = accelerate == accelerated;
        accelerated = accelerate;
        store.accelerate(accelerate);
        for (EffectiveSite site : config.sites()) {
            if (site.tls() != null) {
                SiteIdentity identity = TlsBuilder.identity(store, site, site.tls());
                SiteCertificates known = before.get(identity.name());
                boolean goesOn = same && known != null && known.serves(site.tls(), identity, offers);
                next.add(known != null && goesOn ? known : ready(site.tls(), identity, known, offers));
            }
        }
        sites.stream().filter(site -> !next.contains(site)).forEach(SiteCertificates::retire);
        sites = List.copyOf(next);
        if (!next.isEmpty() && threads.isEmpty() && !closed) {
            threads.add(Thread.ofVirtual().name("foregate-certificates").start(this::watch));
            threads.add(Thread.ofVirtual().name("foregate-ocsp").start(this::staple));
        }
    }

    private SiteCertificates ready(
            EffectiveTls tls, SiteIdentity identity, @Nullable SiteCertificates before, Set<Alpn> offers) {
        SiteCertificates made = new SiteCertificates(tls, identity, files, store, offers);
        if (before == null) {
            made.open();
        } else {
            made.open(before);
        }
        return made;
    }

    private void followTicketKeys(EffectiveConfig config) {
        FilePath path = config.tls().ticketKeys();
        SharedKeys shared = ticketKeys;
        boolean wanted = path != null && config.sites().stream().anyMatch(site -> site.tls() != null);
        if (path == null || !wanted) {
            ticketKeys = null;
        } else if (shared == null || !shared.path.equals(path)) {
            TicketKeyFile file = new TicketKeyFile(files.path(path));
            file.open(store);
            ticketKeys = new SharedKeys(path, file);
        }
    }

    /** How it stands with each site that has certificates. */
    public List<CertificateState> states() {
        return sites.stream().map(SiteCertificates::state).toList();
    }

    // However many files there are, looking at them stays below a hundredth of a processor.
    private Duration looking() {
        int count = sites.stream().mapToInt(SiteCertificates::fileCount).sum();
        return Duration.ofNanos(Math.clamp(count * MICROS_PER_FILE * 1000L, LOOK.toNanos(), LONGEST_LOOK.toNanos()));
    }

    private void watch() {
        Instant said = Instant.now();
        Instant rotated = said;
        while (pause(looking())) {
            Instant now = Instant.now();
            for (SiteCertificates site : sites) {
                guarded(site::refresh);
            }
            SharedKeys shared = ticketKeys;
            if (shared != null) {
                guarded(() -> shared.file.refresh(store));
            } else if (now.isAfter(rotated.plus(TICKET_KEY_LIFE))) {
                rotated = now;
                guarded(() -> store.rotateTicketKeys(TICKET_KEYS));
            }
            if (now.isAfter(said.plus(DAY))) {
                said = now;
                for (SiteCertificates site : sites) {
                    guarded(site::renewInternal);
                    guarded(site::sayExpiry);
                }
            }
        }
    }

    private void staple() {
        do {
            for (SiteCertificates site : sites) {
                guarded(site::staple);
            }
        } while (pause(OCSP_LOOK));
    }

    // What goes wrong with one site must not end the watch over the others.
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("looking after certificates failed", e);
        }
    }

    private static boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
