package io.foregate.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLPrivateKeyMethod;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate whose key isn't BoringSSL's: signatures are asked for while a handshake waits. Belongs to one
 * {@link TlsContext}, with which it is freed. Thread-safe.
 *
 * <p>BoringSSL takes it for a connection at a time, and behind all the credentials of the context.
 */
final class OutsideCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideCertificate.class);

    private final ServerCertificate certificate;
    private final RsaKey key;
    private final long chain;

    private OutsideCertificate(ServerCertificate certificate, RsaKey key, long chain) {
        this.certificate = certificate;
        this.key = key;
        this.chain = chain;
    }

    /** Takes a reference of its own to the key. */
    static OutsideCertificate of(ServerCertificate certificate, RsaKey key) throws TlsException {
        long chain = Boring.chain(certificate);
        if (!key.retain()) {
            SSL.freeX509Chain(chain);
            throw new TlsException("the private key is no longer in use");
        }
        return new OutsideCertificate(certificate, key, chain);
    }

    /** What signs; for the context, of which there is one. */
    SSLPrivateKeyMethod method() {
        return new Signer(key);
    }

    /** Lets a connection show it, whose handshake has not begun. On the connection's loop. */
    void show(SslHandler connection) {
        long ssl = ((ReferenceCountedOpenSslEngine) connection.engine()).sslPointer();
        try {
            SSL.setKeyMaterial(ssl, chain, 0);
            byte[] staple = certificate.staple();
            if (staple != null) {
                SSL.setOcspResponse(ssl, staple);
            }
        } catch (Exception e) {
            throw new IllegalStateException("BoringSSL doesn't take the certificate: " + e.getMessage(), e);
        }
    }

    void close() {
        SSL.freeX509Chain(chain);
        key.release();
    }

    private static final class Signer implements SSLPrivateKeyMethod {
        private final RsaKey key;
        private final AtomicBoolean said = new AtomicBoolean();

        Signer(RsaKey key) {
            this.key = key;
        }

        @Override
        public byte[] sign(long ssl, int algorithm, byte[] text) throws GeneralSecurityException {
            // A connection that is closed already may still have a message to read, for which nobody holds the key any
            // more.
            if (!key.retain()) {
                throw new GeneralSecurityException("the private key is no longer in use");
            }
            try {
                return key.sign(algorithm, text);
            } catch (GeneralSecurityException | RuntimeException e) {
                if (said.compareAndSet(false, true)) {
                    LOG.error("a TLS handshake failed, since its signature could not be made: {}", e.getMessage());
                }
                throw e;
            } finally {
                key.release();
            }
        }

        @Override
        public byte[] decrypt(long ssl, byte[] input) throws GeneralSecurityException {
            throw new GeneralSecurityException("there is no key exchange by RSA");
        }
    }
}
