package io.foregate.control.certificates;

import io.foregate.control.config.effective.EffectiveTls;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Tls;
import io.foregate.control.pem.FileStamps;
import io.foregate.proxy.tls.Alpn;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.ServerCertificate;
import io.foregate.proxy.tls.SiteIdentity;
import io.foregate.proxy.tls.TlsException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one site: read, put in force, read anew when the files change. What is broken never replaces what works.
 * Thread-safe.
 */
final class SiteCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(SiteCertificates.class);

    private final String site;
    private final EffectiveTls tls;
    private final SiteIdentity identity;
    private final CertificateFiles files;
    private final CertificateStore store;
    private final Set<Alpn> offers;
    private final FileStamps stamps;
    private final List<Staple> staples = new ArrayList<>();
    private List<ServerCertificate> certificates = List.of();
    private List<X509Certificate> authorities = List.of();
    private boolean doubtful;
    private boolean retired;
    private volatile CertificateState state;

    SiteCertificates(
            EffectiveTls tls, SiteIdentity identity, CertificateFiles files, CertificateStore store, Set<Alpn> offers) {
        this.site = identity.name();
        this.tls = tls;
        this.identity = identity;
        this.files = files;
        this.store = store;
        this.offers = Set.copyOf(offers);
        this.stamps = new FileStamps(paths());
        this.state = new CertificateState(site, List.of(), null, Instant.now());
    }

    SiteIdentity identity() {
        return identity;
    }

    /** Whether it does just what one for these would, so that it can go on in its place. */
    boolean serves(EffectiveTls wanted, SiteIdentity as, Set<Alpn> asked) {
        return identity == as && offers.containsAll(asked) && Wanted.of(tls).equals(Wanted.of(wanted));
    }

    /** What a configuration says of certificates, wherever in the file it stands. */
    private record Wanted(
            List<Tls.Certificate> certificates, Tls.@Nullable ClientCertificates clients, boolean stapling) {
        static Wanted of(EffectiveTls tls) {
            Setting<Tls.ClientCertificates> clients = tls.clients();
            return new Wanted(
                    tls.certificates().stream().map(Setting::value).toList(),
                    clients == null ? null : clients.value(),
                    tls.stapling());
        }
    }

    private List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        for (Setting<Tls.Certificate> certificate : tls.certificates()) {
            paths.addAll(files.of(certificate.value()));
        }
        if (tls.clients() != null) {
            paths.add(files.path(tls.clients().value().ca()));
        }
        return paths;
    }

    int fileCount() {
        return stamps.count();
    }

    CertificateState state() {
        return state;
    }

    /** Reads for the first time; a site whose files are broken has no identity, and the others are served. */
    synchronized void open() {
        try {
            load();
        } catch (TlsException e) {
            failed(e);
        }
    }

    /**
     * The same in place of {@code before}, which is of the same site in the configuration until now: what it shows is shown on
     * if the new files can't be used, and the OCSP responses that are still good come along.
     */
    synchronized void open(SiteCertificates before) {
        List<ServerCertificate> former;
        List<X509Certificate> formerAuthorities;
        synchronized (before) {
            former = before.certificates;
            formerAuthorities = before.authorities;
            staples.addAll(before.staples);
            before.retired = true;
        }
        try {
            load();
        } catch (TlsException e) {
            if (!former.isEmpty()) {
                keep(former, formerAuthorities);
            }
            failed(e);
        }
    }

    private void keep(List<ServerCertificate> former, List<X509Certificate> formerAuthorities) {
        try {
            install(former, formerAuthorities);
        } catch (TlsException e) {
            LOG.error("site {} can't go on with the certificate that it had: {}", site, e.getMessage());
        }
    }

    /** Touches its identity no more: somebody else looks after it, or nobody needs it. */
    synchronized void retire() {
        retired = true;
    }

    /** Reads anew if a file has changed. */
    synchronized void refresh() {
        if (retired) {
            return;
        }
        boolean changed = stamps.changed();
        if (!changed && !doubtful) {
            return;
        }
        try {
            load();
            doubtful = false;
        } catch (TlsException e) {
            // A certificate is often written before its key: what is wrong once may be right a moment later.
            if (changed) {
                doubtful = true;
            } else {
                doubtful = false;
                failed(e);
            }
        }
    }

    private void failed(TlsException e) {
        String problem = String.valueOf(e.getMessage());
        if (state.shown().isEmpty()) {
            LOG.error("site {} has no certificate, and handshakes for it fail: {}", site, problem);
        } else {
            LOG.error("site {} keeps its old certificate, since the new one can't be used: {}", site, problem);
        }
        state = new CertificateState(site, state.shown(), problem, Instant.now());
    }

    private void load() throws TlsException {
        List<ServerCertificate> found = new ArrayList<>();
        if (tls.internal()) {
            found.add(SelfSigned.make(site));
        }
        for (Setting<Tls.Certificate> certificate : tls.certificates()) {
            found.add(files.read(certificate.value()));
        }
        List<X509Certificate> trusted = tls.clients() == null
                ? List.of()
                : files.authorities(tls.clients().value().ca());
        List<ServerCertificate> stapled = new ArrayList<>();
        for (ServerCertificate certificate : found) {
            byte[] response = Staple.known(staples, certificate.leaf());
            stapled.add(response == null ? certificate : certificate.stapled(response));
        }
        boolean first = state.shown().isEmpty();
        boolean news = first || !leaves(certificates).equals(leaves(stapled));
        install(stapled, trusted);
        if (tls.stapling() && !tls.internal()) {
            Staple.follow(staples, found);
        }
        if (!first && news) {
            LOG.info(
                    "site {} has a new certificate, valid until {}",
                    site,
                    stapled.getFirst().leaf().getNotAfter().toInstant());
        }
        if (news) {
            sayExpiry();
        }
    }

    private static List<X509Certificate> leaves(List<ServerCertificate> certificates) {
        return certificates.stream().map(ServerCertificate::leaf).toList();
    }

    private void install(List<ServerCertificate> next, List<X509Certificate> trusted) throws TlsException {
        store.install(
                identity,
                new CertificateStore.Material(next, trusted.isEmpty() ? null : trust(trusted), scope(trusted)),
                offers);
        certificates = next;
        authorities = trusted;
        state = new CertificateState(site, next.stream().map(this::shown).toList(), null, Instant.now());
    }

    /** Asks for OCSP responses that are due; blocks. When there is a new one, handshakes carry it from then on. */
    void staple() {
        boolean news = false;
        // Not under the lock: a responder may be slow, and a new certificate must not wait for it.
        for (Staple staple : followed()) {
            news |= staple.refresh(site, Instant.now());
        }
        if (news) {
            restaple();
        }
    }

    private synchronized List<Staple> followed() {
        return List.copyOf(staples);
    }

    private synchronized void restaple() {
        if (retired) {
            return;
        }
        List<ServerCertificate> next = new ArrayList<>();
        for (ServerCertificate certificate : certificates) {
            byte[] response = Staple.known(staples, certificate.leaf());
            next.add(new ServerCertificate(certificate.chain(), certificate.key(), response));
        }
        String problem = state.problem();
        try {
            install(next, authorities);
        } catch (TlsException e) {
            LOG.warn("site {} goes on without the new OCSP response: {}", site, e.getMessage());
        }
        if (problem != null) {
            state = new CertificateState(site, state.shown(), problem, state.since());
        }
    }

    /** Says what is near its end. */
    synchronized void sayExpiry() {
        if (tls.internal()) {
            return;
        }
        for (ServerCertificate certificate : certificates) {
            String warning = Expiry.warning(certificate.leaf(), Instant.now());
            if (warning != null) {
                LOG.warn("the certificate {} of site {} {}", subject(certificate.leaf()), site, warning);
            }
        }
    }

    /** Makes a certificate of our own anew when its time is nearly over. */
    synchronized void renewInternal() {
        if (!retired && tls.internal() && Expiry.warning(certificates.getFirst().leaf(), Instant.now()) != null) {
            open();
        }
    }

    private static X509ExtendedTrustManager trust(List<X509Certificate> authorities) throws TlsException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new TlsException("this JDK has no PKIX trust manager");
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new TlsException("the client certificates' authorities can't be used: " + e.getMessage(), e);
        }
    }

    // Sessions of one site aren't taken up on another, nor those of clients whose authority isn't trusted any more.
    private byte[] scope(List<X509Certificate> trusted) throws TlsException {
        ByteArrayOutputStream scope = new ByteArrayOutputStream();
        scope.writeBytes((site + ' ' + identity.policy().id()).getBytes(StandardCharsets.UTF_8));
        for (X509Certificate authority : trusted) {
            try {
                scope.writeBytes(authority.getEncoded());
            } catch (GeneralSecurityException e) {
                throw new TlsException("an authority's certificate can't be encoded", e);
            }
        }
        return scope.toByteArray();
    }

    private CertificateState.Shown shown(ServerCertificate certificate) {
        X509Certificate leaf = certificate.leaf();
        return new CertificateState.Shown(
                subject(leaf),
                names(leaf),
                leaf.getIssuerX500Principal().getName(),
                kind(leaf),
                leaf.getNotAfter().toInstant(),
                Staple.until(staples, leaf));
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static String kind(X509Certificate certificate) {
        return switch (certificate.getPublicKey()) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec ->
                "ECDSA " + ec.getParams().getCurve().getField().getFieldSize();
            default -> certificate.getPublicKey().getAlgorithm();
        };
    }

    /** The names that a certificate is for. */
    static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        @Nullable Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            alternatives = null;
        }
        if (alternatives != null) {
            for (List<?> name : alternatives) {
                boolean useful = name.get(0).equals(2) || name.get(0).equals(7);
                if (useful && name.get(1) instanceof String text) {
                    names.add(text);
                }
            }
        }
        return names;
    }
}
