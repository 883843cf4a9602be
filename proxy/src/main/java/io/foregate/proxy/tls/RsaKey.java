package io.foregate.proxy.tls;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An RSA key in the system's libcrypto. Thread-safe. Native memory, freed with the last reference; whoever makes it has the
 * first, and each {@link TlsContext} that signs with it one of its own.
 */
final class RsaKey {
    private final MemorySegment key;
    private final AtomicInteger references = new AtomicInteger(1);

    /** @param pkcs8 the key in its PKCS#8 form */
    RsaKey(byte[] pkcs8) throws GeneralSecurityException {
        this.key = LibCrypto.readKey(pkcs8);
    }

    /** Takes a reference; false when the key is gone. */
    boolean retain() {
        int before;
        do {
            before = references.get();
            if (before == 0) {
                return false;
            }
        } while (!references.compareAndSet(before, before + 1));
        return true;
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            LibCrypto.freeKey(key);
        }
    }

    /**
     * Signs what a handshake gives to sign; the caller holds a reference.
     *
     * @param scheme the number that TLS has for it (RFC 8446 §4.2.3)
     */
    byte[] sign(int scheme, byte[] text) throws GeneralSecurityException {
        LibCrypto.Scheme known = LibCrypto.Scheme.of(scheme);
        if (known == null) {
            throw new GeneralSecurityException("0x" + Integer.toHexString(scheme) + " is no signature with an RSA key");
        }
        return LibCrypto.sign(key, known, text);
    }
}
