package io.foregate.control.config.effective;

import io.foregate.control.config.model.CipherName;
import io.foregate.control.config.model.GroupName;
import io.foregate.control.config.model.Tls;
import io.foregate.control.config.model.TlsVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As whom a site appears, and how it speaks TLS.
 *
 * @param certificates in files; none when the certificate is made by the process itself
 * @param stapling whether OCSP responses are sent along
 */
public record EffectiveTls(
        Origin origin,
        List<Setting<Tls.Certificate>> certificates,
        @Nullable Setting<Tls.ClientCertificates> clients,
        boolean stapling,
        Setting<Rules> rules) {

    /** Versions and ciphers, complete. */
    public record Rules(
            Tls.Preset preset, List<TlsVersion> versions, List<CipherName> ciphers, List<GroupName> groups) {
        static Rules of(Tls.Preset preset, Tls.Rules details) {
            return switch (preset) {
                case MODERN -> new Rules(preset, List.of(TlsVersion.TLS_1_3), List.of(), GroupName.USUAL);
                case INTERMEDIATE ->
                    new Rules(
                            preset,
                            List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3),
                            CipherName.STRONG,
                            GroupName.USUAL);
                case CUSTOM ->
                    new Rules(
                            preset,
                            details.versions().isEmpty()
                                    ? List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
                                    : details.versions(),
                            details.ciphers().isEmpty() ? CipherName.STRONG : details.ciphers(),
                            details.groups().isEmpty() ? GroupName.USUAL : details.groups());
            };
        }
    }

    /** Whether the process makes the certificate itself. */
    public boolean internal() {
        return certificates.isEmpty();
    }
}
