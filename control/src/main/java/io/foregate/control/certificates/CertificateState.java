package io.foregate.control.certificates;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the certificates of one site. A value: what the admin API shows.
 *
 * @param site its host pattern
 * @param shown what handshakes show at present; none when there is nothing usable
 * @param problem why what is in the files isn't what is shown, or null when it is
 * @param since when this became so
 */
public record CertificateState(
        String site, List<Shown> shown, @Nullable String problem, Instant since) {
    /** One certificate that is in use. */
    public record Shown(
            String subject,
            List<String> names,
            String issuer,
            String key,
            Instant notAfter,
            @Nullable Instant stapledUntil) {}

    /** In one word. */
    public enum Health {
        FINE,
        /** It expires within thirty days. */
        EXPIRING,
        EXPIRED,
        /** The files are broken, and what they held before is still in use. */
        KEPT,
        /** There is nothing to show: handshakes for this site fail. */
        MISSING
    }

    public Health health(Instant now) {
        if (shown.isEmpty()) {
            return Health.MISSING;
        }
        if (shown.stream().anyMatch(one -> one.notAfter().isBefore(now))) {
            return Health.EXPIRED;
        }
        if (problem != null) {
            return Health.KEPT;
        }
        Instant soon = now.plus(Expiry.WARNED);
        return shown.stream().anyMatch(one -> one.notAfter().isBefore(soon)) ? Health.EXPIRING : Health.FINE;
    }
}
