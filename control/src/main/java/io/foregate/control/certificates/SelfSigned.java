package io.foregate.control.certificates;

import io.foregate.control.pem.Der;
import io.foregate.proxy.tls.ServerCertificate;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Makes certificates that nobody trusts, with a P-256 key, for tests and trials. Stateless. */
final class SelfSigned {
    private static final Duration VALID = Duration.ofDays(90);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SUBJECT_ALTERNATIVES = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

    private SelfSigned() {}

    /** A certificate for a host pattern; {@code *} and localhost get the loopback addresses, too. */
    static ServerCertificate make(String host) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            String name = host.equals("*") ? "localhost" : host;
            byte[] body = body(name, keys);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] whole = Der.sequence(body, Der.sequence(Der.oid(ECDSA_WITH_SHA256)), Der.bits(signature.sign()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
            return new ServerCertificate(List.of(certificate), keys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK can't make a certificate", e);
        }
    }

    private static byte[] body(String name, KeyPair keys) {
        Instant now = Instant.now();
        byte[] signedWith = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
        byte[] self = Der.sequence(Der.value(
                Der.SET,
                Der.sequence(Der.oid(COMMON_NAME), Der.text(name.length() <= 64 ? name : "a site of this Foregate"))));
        return Der.sequence(
                Der.context(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(127, new SecureRandom()).setBit(126)),
                signedWith,
                self,
                Der.sequence(time(now.minus(Duration.ofHours(1))), time(now.plus(VALID))),
                self,
                keys.getPublic().getEncoded(),
                Der.context(
                        3,
                        Der.sequence(
                                extension(SUBJECT_ALTERNATIVES, alternatives(name)),
                                extension(BASIC_CONSTRAINTS, Der.sequence()),
                                extension(EXTENDED_KEY_USAGE, Der.sequence(Der.oid(SERVER_AUTHENTICATION))))));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] time(Instant instant) {
        return Der.value(Der.GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] alternatives(String name) {
        List<byte[]> names = new ArrayList<>();
        names.add(Der.value(0x82, name.getBytes(StandardCharsets.US_ASCII)));
        if (name.equals("localhost")) {
            names.add(Der.value(0x87, new byte[] {127, 0, 0, 1}));
            byte[] loopback = new byte[16];
            loopback[15] = 1;
            names.add(Der.value(0x87, loopback));
        }
        return Der.sequence(names.toArray(byte[][]::new));
    }
}
