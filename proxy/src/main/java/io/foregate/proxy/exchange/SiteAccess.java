package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.VirtualHost;
import io.foregate.proxy.tls.ClientIdentity;
import io.foregate.proxy.tls.TlsInfo;
import io.foregate.proxy.tls.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may come on its connection, and who the origin is told the client has shown to be. Stateless.
 *
 * <p>A connection carries requests for every site of its TLS policy. For one of another policy it would go round what that site
 * asks of a handshake, its client's certificate above all, so the answer is 421 (RFC 9110 §15.5.20).
 */
final class SiteAccess {
    private static final HeaderName SUBJECT = HeaderName.of("X-Client-Cert-Subject");
    private static final HeaderName ALTERNATIVES = HeaderName.of("X-Client-Cert-SAN");
    private static final HeaderName FINGERPRINT = HeaderName.of("X-Client-Cert-Fingerprint");

    private SiteAccess() {}

    /** Null when the request may go on; then it says of its client what the handshake has shown. */
    static @Nullable Failure enter(RequestHead head, VirtualHost host, Downstream from) {
        TlsInfo tls = from.tls();
        TlsPolicy policy = host.tls();
        if (tls == null) {
            if (policy != null && policy.clients() == TlsPolicy.Clients.REQUIRED) {
                // Nobody's word stands for a certificate that we haven't seen.
                head.secure(false);
            }
            return null;
        }
        if (policy == null || policy.id() != tls.policyId()) {
            return Failure.client(
                    Failure.Kind.MISDIRECTED,
                    "the handshake was made for " + (tls.serverName() == null ? "no name" : tls.serverName()));
        }
        ClientIdentity client = tls.client();
        if (client != null) {
            Headers headers = head.headers();
            headers.add(SUBJECT, client.subject());
            if (client.alternatives().length > 0) {
                headers.add(ALTERNATIVES, client.alternatives());
            }
            headers.add(FINGERPRINT, client.fingerprint());
        }
        return null;
    }
}
