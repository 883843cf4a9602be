package io.foregate.control.build;

import io.foregate.api.filter.Filter;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.EffectiveTls;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.HttpsRedirect;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Tls;
import io.foregate.proxy.filters.HttpsPort;
import io.foregate.proxy.filters.HttpsRedirectFilter;
import io.foregate.proxy.filters.StrictTransportFilter;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.tls.Alpn;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.HandshakeLimit;
import io.foregate.proxy.tls.SiteIdentity;
import io.foregate.proxy.tls.SniTable;
import io.foregate.proxy.tls.TlsPolicy;
import io.foregate.proxy.tls.TlsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The TLS side of a snapshot: identities by name, policies of hosts, redirects. One build, one thread. */
public final class TlsBuilder {
    private static final int HTTPS = 443;

    private final EffectiveConfig config;
    private final CertificateStore store;
    private final HandshakeLimit limit;
    private final Map<Name, HttpsPort> ports = new HashMap<>();

    TlsBuilder(EffectiveConfig config, Standing standing) {
        this.config = config;
        this.store = standing.certificates();
        this.limit = standing.handshakes();
        for (EffectiveListener listener : config.listeners()) {
            if (listener.tls()) {
                ports.put(
                        listener.name(),
                        new HttpsPort(listener.address().value().port()));
            }
        }
    }

    /** The identity of a site with TLS. The store makes it once, however often snapshots are built. */
    public static SiteIdentity identity(CertificateStore store, EffectiveSite site, EffectiveTls tls) {
        return store.identity(site.host().toString(), policy(tls));
    }

    /** The protocols that connections of a configuration may be asked for. */
    public static List<Alpn> offers(EffectiveConfig config) {
        return config.listeners().stream()
                .filter(EffectiveListener::tls)
                .map(Protocols::alpn)
                .distinct()
                .toList();
    }

    private static TlsPolicy policy(EffectiveTls tls) {
        EffectiveTls.Rules rules = tls.rules().value();
        Setting<Tls.ClientCertificates> clients = tls.clients();
        return TlsPolicy.of(
                rules.versions().stream().map(version -> "TLSv" + version).toList(),
                rules.ciphers().stream().map(Object::toString).toList(),
                rules.groups().stream().map(Object::toString).toList(),
                clients == null
                        ? TlsPolicy.Clients.NOT_ASKED
                        : clients.value().mode() == Tls.Mode.REQUIRED
                                ? TlsPolicy.Clients.REQUIRED
                                : TlsPolicy.Clients.OPTIONAL,
                clients == null ? "" : clients.value().ca().text());
    }

    /** Which certificate is shown for which name to clients of sites that are {@code served}. */
    SniTable names(List<EffectiveSite> served) {
        Map<String, SiteIdentity> identities = new HashMap<>();
        for (EffectiveSite site : served) {
            if (site.tls() != null) {
                identities.put(site.host().toString(), identity(store, site, site.tls()));
            }
        }
        return SniTable.of(identities);
    }

    /** Says of each site under which policy a client that asks for it makes its handshake. */
    void policies(RouteTable.Builder table, List<EffectiveSite> served, SniTable names) {
        for (EffectiveSite site : served) {
            String host = site.host().toString();
            SiteIdentity found = site.tls() != null
                    ? identity(store, site, site.tls())
                    : names.find(
                            switch (site.host().kind()) {
                                case EXACT -> host;
                                // Some name that the pattern is for.
                                case WILDCARD -> "a" + host.substring(1);
                                case ANY -> null;
                            });
            if (found != null) {
                table.tls(host, found.policy());
            }
        }
    }

    /** The handshakes of a listener; null when it is plain. */
    @Nullable
    TlsSettings settings(EffectiveListener listener) {
        return listener.tls()
                ? new TlsSettings(
                        Protocols.alpn(listener),
                        limit,
                        Units.nanos(config.tls().handshakes().timeout()))
                : null;
    }

    /** To be told which port a TLS listener got; null for a plain one. */
    @Nullable
    HttpsPort port(EffectiveListener listener) {
        return ports.get(listener.name());
    }

    /** What brings clients of a route to https. First among the route's filters, before the path is rewritten. */
    void filters(EffectiveSite site, EffectiveRoute route, List<Filter> filters) {
        if (site.tls() == null) {
            return;
        }
        HttpsRedirect redirect = route.https().redirect().value();
        Setting<Tls.ClientCertificates> clients = site.tls().clients();
        boolean required = clients != null && clients.value().mode() == Tls.Mode.REQUIRED;
        HttpsPort port =
                redirect.port() < 0 ? null : redirect.port() > 0 ? new HttpsPort(redirect.port()) : nearest(site);
        // Where clients have to show a certificate, there is no plain way in, redirected or not.
        if (port != null || required) {
            filters.add(new HttpsRedirectFilter(port));
        }
        Rules.Hsts hsts = route.https().hsts().value();
        if (!hsts.maxAge().isNone()) {
            filters.add(new StrictTransportFilter(
                    hsts.maxAge().nanos() / 1_000_000_000, hsts.includeSubdomains(), hsts.preload()));
        }
    }

    private @Nullable HttpsPort nearest(EffectiveSite site) {
        HttpsPort first = null;
        for (EffectiveListener listener : config.listeners()) {
            if (listener.tls() && site.listeners().contains(listener.name())) {
                HttpsPort port = ports.get(listener.name());
                if (listener.address().value().port() == HTTPS) {
                    return port;
                }
                first = first == null ? port : first;
            }
        }
        return first;
    }
}
