package io.foregate.proxy.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that we can show: its chain, leaf first, and the leaf's key. A value; whoever makes it has seen to it that
 * they belong together.
 *
 * @param staple the OCSP response to send along, DER, or null
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key, byte @Nullable [] staple) {
    public ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
        this(List.copyOf(chain), key, null);
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public ServerCertificate stapled(byte[] response) {
        return new ServerCertificate(chain, key, response);
    }
}
