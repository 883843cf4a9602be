package io.foregate.control.certificates;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.EffectiveTls;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Tls;
import io.foregate.proxy.tls.ServerCertificate;
import io.foregate.proxy.tls.TlsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the certificates that a configuration names and says what is wrong with them. Reads files and does nothing else. */
public final class CertificateChecks {
    /** What was found, in the order of the configuration. */
    public record Findings(List<Problem> errors, List<Problem> warnings) {}

    private final CertificateFiles files;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    private CertificateChecks(Path folder) {
        this.files = new CertificateFiles(folder);
    }

    /** @param folder where relative paths start */
    public static Findings of(EffectiveConfig config, Path folder) {
        CertificateChecks checks = new CertificateChecks(folder);
        for (EffectiveSite site : config.sites()) {
            if (site.tls() != null) {
                checks.site(site.host(), site.tls());
            }
        }
        FilePath keys = config.tls().ticketKeys();
        if (keys != null) {
            try {
                TicketKeyFile.read(checks.files.path(keys));
            } catch (TlsException e) {
                Origin origin = config.sites().getFirst().origin();
                add(
                        checks.errors,
                        new Origin(origin.position(), TreePath.ROOT.key("tls").key("ticket-keys")),
                        e.getMessage(),
                        "");
            }
        }
        return new Findings(List.copyOf(checks.errors), List.copyOf(checks.warnings));
    }

    private void site(HostPattern host, EffectiveTls tls) {
        for (Setting<Tls.Certificate> setting : tls.certificates()) {
            try {
                ServerCertificate certificate = files.read(setting.value());
                String warning = Expiry.warning(certificate.leaf(), Instant.now());
                if (warning != null) {
                    add(warnings, setting.origin(), "the certificate " + warning, "renew it");
                }
                List<String> names = SiteCertificates.names(certificate.leaf());
                if (names.stream().noneMatch(name -> covers(name, host))) {
                    add(
                            warnings,
                            setting.origin(),
                            "the certificate is not for " + host + " but for "
                                    + (names.isEmpty() ? "no host at all" : String.join(", ", names)),
                            "clients that check it will refuse it");
                }
            } catch (TlsException e) {
                add(errors, setting.origin(), e.getMessage(), "");
            }
        }
        if (tls.clients() != null) {
            try {
                files.authorities(tls.clients().value().ca());
            } catch (TlsException e) {
                add(errors, tls.clients().origin(), e.getMessage(), "");
            }
        }
    }

    private static boolean covers(String certified, HostPattern host) {
        String name = certified.toLowerCase(Locale.ROOT);
        String wanted = host.toString();
        int dot = wanted.indexOf('.');
        return switch (host.kind()) {
            case ANY -> true;
            case WILDCARD -> name.equals(wanted) || name.endsWith(wanted.substring(1));
            case EXACT -> name.equals(wanted) || (dot > 0 && name.equals("*" + wanted.substring(dot)));
        };
    }

    private static void add(List<Problem> to, Origin origin, @Nullable String message, String hint) {
        Position position = origin.position();
        to.add(Problem.at(
                position == null ? new Position("defaults", 1, 1) : position,
                origin.path(),
                String.valueOf(message),
                hint));
    }
}
