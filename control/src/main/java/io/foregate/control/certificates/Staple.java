package io.foregate.control.certificates;

import io.foregate.proxy.tls.ServerCertificate;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OCSP response of one certificate (RFC 6960), fetched in the background and kept until it is out of date. A responder that
 * can't be reached costs nothing but a line in the log; the response at hand stays in use as long as it is valid.
 */
final class Staple {
    private static final Logger LOG = LoggerFactory.getLogger(Staple.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);
    private static final Duration UNKNOWN_LIFE = Duration.ofHours(12);

    private final X509Certificate leaf;
    private final X509Certificate issuer;
    private final URI responder;
    private final Duration patience;
    private volatile byte @Nullable [] response;
    private volatile Instant until = Instant.MIN;
    private Instant next = Instant.MIN;
    private Duration retry = FIRST_RETRY;

    /** @param patience how long an answer may take */
    Staple(X509Certificate leaf, X509Certificate issuer, URI responder, Duration patience) {
        this.leaf = leaf;
        this.issuer = issuer;
        this.responder = responder;
        this.patience = patience;
    }

    /** Makes {@code staples} those of these certificates; what is known of one that stays is kept. */
    static void follow(List<Staple> staples, List<ServerCertificate> certificates) {
        List<Staple> before = List.copyOf(staples);
        staples.clear();
        for (ServerCertificate certificate : certificates) {
            X509Certificate leaf = certificate.leaf();
            Staple known = before.stream()
                    .filter(one -> one.leaf.equals(leaf))
                    .findFirst()
                    .orElse(null);
            URI responder = Ocsp.responder(leaf);
            if (known != null) {
                staples.add(known);
            } else if (responder != null && certificate.chain().size() > 1) {
                staples.add(new Staple(leaf, certificate.chain().get(1), responder, PATIENCE));
            }
        }
    }

    /** The response for a certificate that is still valid, or null. */
    static byte @Nullable [] known(List<Staple> staples, X509Certificate leaf) {
        for (Staple staple : staples) {
            if (staple.leaf.equals(leaf) && Instant.now().isBefore(staple.until)) {
                return staple.response;
            }
        }
        return null;
    }

    /** Until when the response for a certificate is valid; null when there is none. */
    static @Nullable Instant until(List<Staple> staples, X509Certificate leaf) {
        for (Staple staple : staples) {
            if (staple.leaf.equals(leaf) && Instant.now().isBefore(staple.until)) {
                return staple.until;
            }
        }
        return null;
    }

    /** Asks the responder if it is time to; blocks for as long as that takes. Returns whether there is something else now. */
    boolean refresh(String site, Instant now) {
        if (now.isBefore(next)) {
            return false;
        }
        try {
            Ocsp.Answer answer = Ocsp.ask(leaf, issuer, responder, patience);
            Instant end = answer.nextUpdate() == null ? now.plus(UNKNOWN_LIFE) : answer.nextUpdate();
            response = answer.der();
            until = end;
            retry = FIRST_RETRY;
            Duration half = Duration.between(now, end).dividedBy(2);
            next = now.plus(half.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : half);
            if (!answer.good()) {
                LOG.error("the certificate {} of site {} is revoked", leaf.getSubjectX500Principal(), site);
            }
            return true;
        } catch (Ocsp.Failed e) {
            LOG.warn("no OCSP response for site {} from {}: {}", site, responder, e.getMessage());
            next = now.plus(retry);
            Duration doubled = retry.multipliedBy(2);
            retry = doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
            boolean outdated = response != null && !now.isBefore(until);
            if (outdated) {
                response = null;
            }
            return outdated;
        }
    }
}
