package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Site;
import io.foregate.control.config.model.Tls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes what applies to TLS. */
final class TlsResolver {
    private static final TreePath PROCESS = TreePath.ROOT.key("tls");

    private final Config config;
    private final Sources sources;

    TlsResolver(Config config, Sources sources) {
        this.config = config;
        this.sources = sources;
    }

    /** The TLS of a site at {@code site}, or null when it has none. */
    @Nullable
    EffectiveTls of(@Nullable Tls tls, TreePath site) {
        if (tls == null) {
            return null;
        }
        TreePath path = site.key("tls");
        List<Setting<Tls.Certificate>> certificates = new ArrayList<>();
        if (!tls.certificate().isEmpty()) {
            certificates.add(new Setting<>(tls.certificate(), Layers.origin(sources, path)));
        }
        for (int i = 0; i < tls.certificates().size(); i++) {
            TreePath at = path.key("certificates").index(i);
            certificates.add(new Setting<>(tls.certificates().get(i), Layers.origin(sources, at)));
        }
        Tls.ClientCertificates clients = tls.clientCertificates();
        return new EffectiveTls(
                Layers.origin(sources, path),
                List.copyOf(certificates),
                clients == null
                        ? null
                        : new Setting<>(clients, Layers.origin(sources, path.key("client-certificates"))),
                tls.ocsp() == Tls.Stapling.ON,
                rules(tls, path));
    }

    private Setting<EffectiveTls.Rules> rules(Tls tls, TreePath path) {
        if (tls.rules().preset() != null) {
            return new Setting<>(
                    EffectiveTls.Rules.of(tls.rules().preset(), tls.rules()),
                    Layers.origin(sources, path.key("preset")));
        }
        Tls.Rules process = config.tls().rules();
        return process.preset() != null
                ? new Setting<>(
                        EffectiveTls.Rules.of(process.preset(), process), Layers.origin(sources, PROCESS.key("preset")))
                : Setting.byDefault(EffectiveTls.Rules.of(Tls.Preset.INTERMEDIATE, process));
    }

    /** Whether a listener of the file speaks TLS. */
    boolean listens(Name name, Listener listener) {
        if (listener.tls() != null) {
            return listener.tls() == Listener.TlsMode.ON;
        }
        // Missing in a configuration with mistakes.
        ListenAddress address = listener.address();
        int port = address == null ? 0 : address.port();
        return (port == 443 || port == 8443) && config.sites().values().stream().anyMatch(site -> serves(site, name));
    }

    private static boolean serves(Site site, Name listener) {
        return site.tls() != null
                && (site.listeners().isEmpty() || site.listeners().contains(listener));
    }
}
