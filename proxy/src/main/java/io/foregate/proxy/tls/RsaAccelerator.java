package io.foregate.proxy.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the system's libcrypto sign with RSA keys where it is quicker than BoringSSL: an RSA-2048 signature takes half the time on
 * processors with AVX-512 IFMA, which BoringSSL doesn't use. Cold side only, under the lock of the store that owns it.
 *
 * <p>Nothing is loaded before there is an RSA certificate, and only on such a processor. Whatever is missing, BoringSSL signs.
 */
final class RsaAccelerator {
    private static final Logger LOG = LoggerFactory.getLogger(RsaAccelerator.class);
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    /** What libcrypto itself asks for. */
    private static final List<String> INSTRUCTIONS = List.of("avx512f", "avx512dq", "avx512vl", "avx512ifma");

    private static final byte[] SAMPLE = "foregate".getBytes(StandardCharsets.US_ASCII);

    private @Nullable Boolean works;

    /**
     * A key to sign with outside of BoringSSL, or null when BoringSSL shall do it. To be released.
     *
     * @param policy under which handshakes are made; one with key exchange by RSA wants decryption, too, which there isn't
     */
    @Nullable
    RsaKey key(ServerCertificate certificate, TlsPolicy policy) {
        if (!(certificate.key() instanceof RSAPrivateCrtKey key)
                || !policy.ciphers().stream().allMatch(cipher -> cipher.contains("ECDHE"))
                || !works()
                || !gains(key.getModulus().bitLength())) {
            return null;
        }
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            return null;
        }
        RsaKey outside = null;
        try {
            outside = new RsaKey(encoded);
            if (signs(outside, certificate)) {
                return outside;
            }
            LOG.warn("libcrypto makes wrong RSA signatures; BoringSSL makes them");
        } catch (GeneralSecurityException | IllegalStateException e) {
            LOG.warn("libcrypto doesn't take an RSA key, so BoringSSL makes its signatures: {}", e.getMessage());
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
        if (outside != null) {
            outside.release();
        }
        return null;
    }

    /** Whether it is to be had at all; says so once. */
    private boolean works() {
        Boolean known = works;
        if (known == null) {
            String obstacle = obstacle();
            known = obstacle == null;
            works = known;
            if (known) {
                LOG.info("the system's libcrypto signs with RSA keys, since the processor has AVX-512 IFMA");
            } else {
                LOG.info("BoringSSL signs with RSA keys: {}", obstacle);
            }
        }
        return known;
    }

    private static @Nullable String obstacle() {
        if (!hasInstructions()) {
            return "the processor has no AVX-512 IFMA, with which the system's libcrypto would be quicker";
        }
        try {
            LibCrypto.version();
            return null;
        } catch (LinkageError | RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return "the system's libcrypto, which would be quicker, can't be used (" + cause.getMessage() + ")";
        }
    }

    private static boolean hasInstructions() {
        try (BufferedReader lines = Files.newBufferedReader(PROCESSOR, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // One line for each processor; they are alike.
                if (line.startsWith("flags")) {
                    return Arrays.asList(line.split(" ", -1)).containsAll(INSTRUCTIONS);
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean gains(int bits) {
        return bits == 2048 || (bits == 3072 || bits == 4096) && LibCrypto.version() >= LibCrypto.VERSION_3_1;
    }

    /** Whether what a key signs is what the certificate's holder would have signed. */
    private static boolean signs(RsaKey key, ServerCertificate certificate) throws GeneralSecurityException {
        Signature verify = Signature.getInstance("SHA256withRSA");
        verify.initVerify(certificate.leaf().getPublicKey());
        verify.update(SAMPLE);
        return verify.verify(key.sign(LibCrypto.Scheme.PKCS1_SHA256.code(), SAMPLE));
    }
}
