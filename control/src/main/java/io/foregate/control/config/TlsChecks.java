package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Site;
import io.foregate.control.config.model.Tls;

/** Checks what is said of TLS. Files are not looked at here. */
final class TlsChecks {
    private static final TreePath PROCESS = TreePath.ROOT.key("tls");

    private final Config config;
    private final Report report;

    TlsChecks(Config config, Report report) {
        this.config = config;
        this.report = report;
    }

    void run() {
        rules(config.tls().rules(), PROCESS);
        if (config.tls().handshakes().max().value() == 0) {
            report.errorAtValue(PROCESS.key("handshakes").key("max"), "0 lets nobody in", "write 1 or more");
        }
        config.sites().forEach((host, site) -> {
            if (site.tls() != null) {
                site(
                        site.tls(),
                        report.sources().entry(TreePath.ROOT.key("sites"), host).key("tls"));
            }
        });
        config.listeners().forEach((name, listener) -> {
            if (listener.tls() == Listener.TlsMode.ON
                    && config.sites().values().stream().noneMatch(site -> serves(site, name))) {
                report.errorAtValue(
                        TreePath.ROOT.key("listeners").key(name.text()).key("tls"),
                        "no site that is served here has a certificate",
                        "give one of them tls: { cert: file, key: file }, or tls: internal for a trial");
            }
        });
    }

    private static boolean serves(Site site, Object listener) {
        return site.tls() != null
                && (site.listeners().isEmpty() || site.listeners().stream().anyMatch(name -> name.equals(listener)));
    }

    private void site(Tls tls, TreePath path) {
        if (report.isBroken(path)) {
            return;
        }
        int sources = (tls.from() == null ? 0 : 1)
                + (tls.certificate().isEmpty() ? 0 : 1)
                + (tls.certificates().isEmpty() ? 0 : 1);
        if (sources != 1) {
            report.errorAtKey(
                    path,
                    sources == 0 ? "has no certificate" : "has more than one source of certificates",
                    "write either cert and key, or pkcs12, or certificates: with a list of them, or internal");
        }
        if (!tls.certificate().isEmpty()) {
            certificate(tls.certificate(), path);
        }
        for (int i = 0; i < tls.certificates().size(); i++) {
            certificate(tls.certificates().get(i), path.key("certificates").index(i));
        }
        rules(tls.rules(), path);
    }

    private void certificate(Tls.Certificate certificate, TreePath path) {
        boolean pair = certificate.cert() != null && certificate.key() != null;
        boolean half = certificate.cert() != null || certificate.key() != null;
        if (certificate.pkcs12() != null ? half : !pair) {
            report.errorAtKey(
                    path,
                    certificate.pkcs12() != null
                            ? "has both pkcs12 and cert or key"
                            : certificate.cert() == null ? "has no cert" : "has no key",
                    "write either cert and key, or pkcs12");
        }
    }

    private void rules(Tls.Rules rules, TreePath path) {
        if (rules.hasDetails() && rules.preset() != Tls.Preset.CUSTOM && !report.isBroken(path)) {
            report.errorAtKey(
                    path, "chooses versions, ciphers or groups besides a preset", "write preset: custom with them");
        }
    }
}
