package io.foregate.control.certificates;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is to be said about the validity of a certificate. Stateless. */
final class Expiry {
    /** So long before the end it is said. */
    static final Duration WARNED = Duration.ofDays(30);

    private Expiry() {}

    /** A warning in a few words, or null when there is none. */
    static @Nullable String warning(X509Certificate certificate, Instant now) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            return "expired on " + day(end);
        }
        if (begin.isAfter(now)) {
            return "is not valid before " + day(begin);
        }
        long days = Duration.between(now, end).toDays();
        if (end.isBefore(now.plus(WARNED))) {
            return "expires on " + day(end) + ", in " + (days == 1 ? "1 day" : days + " days");
        }
        return null;
    }

    private static String day(Instant instant) {
        return instant.toString().substring(0, 10);
    }
}
