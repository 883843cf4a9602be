package io.foregate.control.certificates;

import io.foregate.control.build.TlsBuilder;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.Tls;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.TlsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    private final CertificateStore store;
    private final List<SiteCertificates> sites;
    private final @Nullable TicketKeyFile ticketKeys;
    private final List<Thread> threads = new ArrayList<>();

    private Certificates(CertificateStore store, List<SiteCertificates> sites, @Nullable TicketKeyFile ticketKeys) {
        this.store = store;
        this.sites = List.copyOf(sites);
        this.ticketKeys = ticketKeys;
    }

    /**
     * Reads all certificates of a configuration into {@code store} and keeps watch from then on. A site whose files can't be
     * used is without a certificate until they can; that is logged, and no reason not to start.
     *
     * @param folder where relative paths start
     * @throws TlsException when there is no TLS to be had in this process although it is asked for
     */
    public static Certificates open(EffectiveConfig config, Path folder, CertificateStore store) throws TlsException {
        List<SiteCertificates> sites = new ArrayList<>();
        CertificateFiles files = new CertificateFiles(folder);
        for (EffectiveSite site : config.sites()) {
            if (site.tls() != null) {
                sites.add(new SiteCertificates(
                        site.tls(),
                        TlsBuilder.identity(store, site, site.tls()),
                        files,
                        store,
                        new HashSet<>(TlsBuilder.offers(config))));
            }
        }
        FilePath keys = config.tls().ticketKeys();
        if (!sites.isEmpty()) {
            String missing = CertificateStore.missing();
            if (missing != null) {
                throw new TlsException(missing);
            }
        }
        store.accelerate(config.tls().accelerator() == Tls.Accelerator.AUTO);
        Certificates all = new Certificates(
                store, sites, keys == null || sites.isEmpty() ? null : new TicketKeyFile(files.path(keys)));
        all.begin();
        return all;
    }

    private void begin() {
        if (ticketKeys != null) {
            ticketKeys.open(store);
        }
        sites.forEach(SiteCertificates::open);
        if (sites.isEmpty()) {
            return;
        }
        threads.add(Thread.ofVirtual().name("foregate-certificates").start(this::watch));
        threads.add(Thread.ofVirtual().name("foregate-ocsp").start(this::staple));
    }

    /** How it stands with each site that has certificates. */
    public List<CertificateState> states() {
        return sites.stream().map(SiteCertificates::state).toList();
    }

    private void watch() {
        int files = sites.stream().mapToInt(SiteCertificates::fileCount).sum();
        // However many files there are, looking at them stays below a hundredth of a processor.
        Duration pause =
                Duration.ofNanos(Math.clamp(files * MICROS_PER_FILE * 1000L, LOOK.toNanos(), LONGEST_LOOK.toNanos()));
        Instant said = Instant.now();
        Instant rotated = said;
        while (pause(pause)) {
            Instant now = Instant.now();
            for (SiteCertificates site : sites) {
                guarded(site::refresh);
            }
            if (ticketKeys != null) {
                guarded(() -> ticketKeys.refresh(store));
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
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
