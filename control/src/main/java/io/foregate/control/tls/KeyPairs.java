package io.foregate.control.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Whether a private key belongs to a certificate. */
final class KeyPairs {
    private static final byte[] SAMPLE = {1, 2, 3, 4, 5, 6, 7, 8};

    private KeyPairs() {}

    /** Finds out by signing; throws where they don't belong together. */
    static void check(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String publicAlgorithm = certificate.getPublicKey().getAlgorithm();
        if (!key.getAlgorithm().equals(publicAlgorithm)) {
            throw new InvalidKeyException(
                    "the key is " + key.getAlgorithm() + ", the certificate's is " + publicAlgorithm);
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(SAMPLE);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the key doesn't belong to the certificate");
        }
    }
}
