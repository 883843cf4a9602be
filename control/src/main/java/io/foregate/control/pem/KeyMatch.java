package io.foregate.control.pem;

import io.foregate.proxy.tls.ServerCertificate;
import io.foregate.proxy.tls.TlsException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;

/** Tries whether a private key is the one of a certificate, and of a kind that can be served. Stateless. */
public final class KeyMatch {
    private static final byte[] SAMPLE = "foregate".getBytes(StandardCharsets.US_ASCII);
    private static final int LEAST_RSA_BITS = 2048;

    private KeyMatch() {}

    public static void check(ServerCertificate certificate, String what) throws TlsException {
        PublicKey known = certificate.leaf().getPublicKey();
        String algorithm = switch (known.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default ->
                throw new TlsException(
                        what + " has a key of kind " + known.getAlgorithm() + "; RSA and ECDSA can be served");
        };
        if (known instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new TlsException(what + " has an RSA key of "
                    + rsa.getModulus().bitLength() + " bits; clients want " + LEAST_RSA_BITS + " or more");
        }
        boolean match;
        try {
            Signature sign = Signature.getInstance(algorithm);
            sign.initSign(certificate.key());
            sign.update(SAMPLE);
            byte[] signature = sign.sign();
            Signature verify = Signature.getInstance(algorithm);
            verify.initVerify(known);
            verify.update(SAMPLE);
            match = verify.verify(signature);
        } catch (GeneralSecurityException e) {
            match = false;
        }
        if (!match) {
            throw new TlsException("the private key is not that of the certificate " + what);
        }
    }
}
