package io.foregate.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SSLCredential;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BoringSSL beneath Netty: what its builder of contexts doesn't offer. Cold side only. Stateless.
 *
 * <p>Certificates go into a context as BoringSSL's own credentials, from which it chooses by what the client can verify, so ECDSA
 * and RSA stand side by side; each carries its OCSP response. Netty's way is a callback into Java for each handshake, which finds
 * the certificate and, with another one, checks the name: both are switched off.
 */
final class Boring {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Boring() {}

    /** Why TLS isn't to be had in this process, or null when it is. */
    static @Nullable String missing() {
        if (OpenSslCredential.isAvailable()) {
            return null;
        }
        Throwable cause = OpenSsl.unavailabilityCause();
        return "TLS needs the native BoringSSL, which comes with Foregate for Linux on x86-64 and aarch64 and could not be"
                + " loaded here (" + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                + (cause == null ? "" : ": " + cause.getMessage()) + ")";
    }

    /** Puts certificates into a new context, the preferred one first; before the one whose key is outside, if any. */
    static void install(
            ReferenceCountedOpenSslContext context,
            List<ServerCertificate> certificates,
            @Nullable OutsideCertificate last)
            throws TlsException {
        try {
            long pointer = pointer(context);
            for (ServerCertificate certificate : certificates) {
                add(pointer, certificate);
            }
            if (last != null) {
                SSLContext.setPrivateKeyMethod(pointer, last.method());
            }
            SSLContext.setCertificateCallback(pointer, null);
            SSLContext.setSniHostnameMatcher(pointer, null);
        } catch (TlsException e) {
            throw e;
        } catch (Exception e) {
            throw new TlsException("BoringSSL doesn't take the certificate: " + e.getMessage(), e);
        }
    }

    // Netty keeps it to itself and to subclasses, which it doesn't allow.
    private static long pointer(ReferenceCountedOpenSslContext context) throws TlsException {
        try {
            Field field = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
            field.setAccessible(true);
            return field.getLong(context);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new TlsException("this version of Netty keeps its TLS context elsewhere", e);
        }
    }

    /** A certificate with those behind it, parsed; to be freed with {@link SSL#freeX509Chain}. */
    static long chain(ServerCertificate certificate) throws TlsException {
        StringBuilder chain = new StringBuilder();
        for (X509Certificate one : certificate.chain()) {
            chain.append(pem("CERTIFICATE", encoded(one)));
        }
        try {
            long bio = bio(chain.toString());
            try {
                return SSL.parseX509Chain(bio);
            } finally {
                SSL.freeBIO(bio);
            }
        } catch (TlsException e) {
            throw e;
        } catch (Exception e) {
            throw new TlsException("BoringSSL doesn't take the certificate: " + e.getMessage(), e);
        }
    }

    private static void add(long context, ServerCertificate certificate) throws Exception {
        byte[] key = certificate.key().getEncoded();
        if (key == null) {
            throw new TlsException("the private key can't be had as bytes");
        }
        long keyBio = 0;
        long keyPointer = 0;
        long chainPointer = 0;
        long credential = 0;
        try {
            keyBio = bio(pem("PRIVATE KEY", key));
            keyPointer = SSL.parsePrivateKey(keyBio, null);
            chainPointer = chain(certificate);
            credential = SSLCredential.newX509();
            SSLCredential.setPrivateKey(credential, keyPointer);
            SSLCredential.setCertChain(credential, chainPointer);
            byte[] staple = certificate.staple();
            if (staple != null) {
                SSLCredential.setOcspResponse(credential, staple);
            }
            SSLContext.addCredential(context, credential);
        } finally {
            // The context has its own reference.
            if (credential != 0) {
                SSLCredential.free(credential);
            }
            if (chainPointer != 0) {
                SSL.freeX509Chain(chainPointer);
            }
            if (keyPointer != 0) {
                SSL.freePrivateKey(keyPointer);
            }
            if (keyBio != 0) {
                SSL.freeBIO(keyBio);
            }
        }
    }

    private static byte[] encoded(X509Certificate certificate) throws TlsException {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new TlsException("a certificate of the chain can't be encoded", e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private static long bio(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuf direct = Unpooled.directBuffer(bytes.length);
        try {
            direct.writeBytes(bytes);
            long bio = SSL.newMemBIO();
            if (SSL.bioWrite(bio, direct.memoryAddress(), bytes.length) != bytes.length) {
                SSL.freeBIO(bio);
                throw new TlsException("BoringSSL has no memory left");
            }
            return bio;
        } finally {
            // A private key may have been in it.
            direct.setZero(0, direct.capacity());
            direct.release();
        }
    }
}
