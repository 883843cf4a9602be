package io.foregate.control.certificates;

import io.foregate.control.pem.Der;
import io.foregate.control.pem.DerReader;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks OCSP responders and reads what they answer (RFC 6960). Nothing is stapled that a client would refuse. Stateless. */
final class Ocsp {
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final int MOST_BYTES = 64 * 1024;
    private static final String AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1";
    private static final String OCSP = "1.3.6.1.5.5.7.48.1";
    private static final String BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1";
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    private static final String SHA_1 = "1.3.14.3.2.26";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    /** Why there is no response. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A response that was checked.
     *
     * @param good whether the certificate is not revoked
     */
    record Answer(byte[] der, boolean good, @Nullable Instant nextUpdate) {}

    private Ocsp() {}

    /** Where to ask about a certificate, by its own word; null when it says nothing of it. */
    static @Nullable URI responder(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(AUTHORITY_INFORMATION);
        if (extension == null) {
            return null;
        }
        try {
            DerReader methods = new DerReader(new DerReader(extension)
                            .next()
                            .expect(Der.OCTET_STRING)
                            .content())
                    .sequence();
            while (methods.hasNext()) {
                DerReader method = methods.sequence();
                String oid = method.next().oid();
                DerReader.Value place = method.next();
                if (oid.equals(OCSP) && place.tag() == 0x86) {
                    URI uri = URI.create(new String(place.content(), StandardCharsets.US_ASCII));
                    return "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme())
                            ? uri
                            : null;
                }
            }
        } catch (DerReader.Malformed | IllegalArgumentException e) {
            return null;
        }
        return null;
    }

    /**
     * Asks about a certificate; blocks.
     *
     * @param patience how long at the most until the answer is whole
     */
    static Answer ask(X509Certificate leaf, X509Certificate issuer, URI responder, Duration patience) throws Failed {
        byte[] id = id(leaf, issuer);
        byte[] request = Der.sequence(Der.sequence(Der.sequence(Der.sequence(id))));
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(patience)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        try {
            HttpResponse<byte[]> response = client.sendAsync(
                            HttpRequest.newBuilder(responder)
                                    .header("Content-Type", "application/ocsp-request")
                                    .header("Accept", "application/ocsp-response")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                                    .build(),
                            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES))
                    // The client's own limit would end with the head of the answer.
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new Failed("it answers with status " + response.statusCode());
            }
            return read(response.body(), id, issuer, Instant.now());
        } catch (TimeoutException e) {
            throw new Failed("it has not answered within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new Failed("it can't be reached: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("the process ends", e);
        } finally {
            // To close it would be to wait for what hangs.
            client.shutdownNow();
        }
    }

    // CertID: the hashes say which certificate is asked about and secure nothing, so SHA-1 it is, which all responders
    // know.
    private static byte[] id(X509Certificate leaf, X509Certificate issuer) throws Failed {
        try {
            byte[] key = new DerReader(issuer.getPublicKey().getEncoded())
                    .sequence()
                    .skip()
                    .next()
                    .content();
            byte[] bits = Arrays.copyOfRange(key, 1, key.length);
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Der.sequence(
                    Der.sequence(Der.oid(SHA_1), Der.nothing()),
                    Der.octets(sha1.digest(issuer.getSubjectX500Principal().getEncoded())),
                    Der.octets(sha1.digest(bits)),
                    Der.integer(leaf.getSerialNumber()));
        } catch (DerReader.Malformed | GeneralSecurityException e) {
            throw new Failed("the issuer's certificate can't be read", e);
        }
    }

    /** Reads and checks a response to a question about {@code id}. */
    static Answer read(byte[] der, byte[] id, X509Certificate issuer, Instant now) throws Failed {
        try {
            DerReader response = new DerReader(der).sequence();
            int status = new BigInteger(response.next().expect(0x0a).content()).intValue();
            if (status != 0) {
                throw new Failed("it refuses to answer (status " + status + ")");
            }
            DerReader bytes = response.next().expect(0xa0).inner().sequence();
            if (!bytes.next().oid().equals(BASIC_RESPONSE)) {
                throw new Failed("its answer is of an unknown kind");
            }
            DerReader basic =
                    new DerReader(bytes.next().expect(Der.OCTET_STRING).content()).sequence();
            DerReader.Value data = basic.next();
            String algorithm = basic.next().inner().next().oid();
            byte[] signature = basic.next().expect(Der.BIT_STRING).content();
            X509Certificate signer = basic.hasNext() ? delegate(basic.next(), issuer, now) : null;
            verify(data.whole(), algorithm, signature, signer == null ? issuer : signer, issuer);
            return single(data.inner(), id, der, now);
        } catch (DerReader.Malformed | GeneralSecurityException | RuntimeException e) {
            // What others send may be anything, and libraries answer that with any exception.
            throw new Failed("its answer is malformed: " + e.getMessage(), e);
        }
    }

    // Either the issuer signs itself or a certificate that it has made for this (RFC 6960 §4.2.2.2).
    private static @Nullable X509Certificate delegate(DerReader.Value certificates, X509Certificate issuer, Instant now)
            throws DerReader.Malformed, GeneralSecurityException, Failed {
        DerReader list = certificates.expect(0xa0).inner().sequence();
        if (!list.hasNext()) {
            return null;
        }
        X509Certificate signer = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new java.io.ByteArrayInputStream(list.next().whole()));
        if (signer.equals(issuer)) {
            return null;
        }
        signer.verify(issuer.getPublicKey());
        signer.checkValidity(Date.from(now));
        List<String> usage = signer.getExtendedKeyUsage();
        if (usage == null || !usage.contains(OCSP_SIGNING)) {
            throw new Failed("its answer is signed by a certificate that isn't made for that");
        }
        return signer;
    }

    private static void verify(
            byte[] data, String oid, byte[] signature, X509Certificate signer, X509Certificate issuer)
            throws GeneralSecurityException, Failed {
        String algorithm = switch (oid) {
            case "1.2.840.113549.1.1.11" -> "SHA256withRSA";
            case "1.2.840.113549.1.1.12" -> "SHA384withRSA";
            case "1.2.840.113549.1.1.13" -> "SHA512withRSA";
            case "1.2.840.113549.1.1.5" -> "SHA1withRSA";
            case "1.2.840.10045.4.3.2" -> "SHA256withECDSA";
            case "1.2.840.10045.4.3.3" -> "SHA384withECDSA";
            case "1.2.840.10045.4.3.4" -> "SHA512withECDSA";
            case "1.3.101.112" -> "Ed25519";
            default -> throw new Failed("its answer is signed in an unknown way (" + oid + ")");
        };
        Signature check = Signature.getInstance(algorithm);
        check.initVerify(signer.getPublicKey());
        check.update(data);
        if (!check.verify(signature, 1, signature.length - 1)) {
            throw new Failed("its answer isn't signed by " + issuer.getSubjectX500Principal());
        }
    }

    private static Answer single(DerReader data, byte[] id, byte[] der, Instant now)
            throws DerReader.Malformed, Failed {
        if (data.peekTag() == 0xa0) {
            data.next();
        }
        data.next();
        data.next();
        DerReader singles = data.sequence();
        while (singles.hasNext()) {
            DerReader one = singles.sequence();
            DerReader.Value about = one.next();
            DerReader.Value status = one.next();
            Instant thisUpdate = time(one.next());
            Instant nextUpdate = one.hasNext() && one.peekTag() == 0xa0
                    ? time(one.next().inner().next())
                    : null;
            if (!sameCertificate(about, id)) {
                continue;
            }
            if (thisUpdate.isAfter(now.plus(SKEW)) || (nextUpdate != null && nextUpdate.isBefore(now))) {
                throw new Failed("its answer is not of this time");
            }
            if (status.tag() == 0x82) {
                throw new Failed("it doesn't know the certificate");
            }
            return new Answer(der, status.tag() == 0x80, nextUpdate);
        }
        throw new Failed("its answer is about another certificate");
    }

    // Not the algorithm's parameters, which some leave out where others write NULL.
    private static boolean sameCertificate(DerReader.Value about, byte[] id) throws DerReader.Malformed {
        DerReader theirs = about.inner();
        DerReader ours = new DerReader(id).sequence();
        theirs.next();
        ours.next();
        for (int i = 0; i < 3; i++) {
            if (!Arrays.equals(theirs.next().content(), ours.next().content())) {
                return false;
            }
        }
        return true;
    }

    private static Instant time(DerReader.Value value) throws DerReader.Malformed {
        String text = new String(value.expect(Der.GENERALIZED_TIME).content(), StandardCharsets.US_ASCII);
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new DerReader.Malformed("a time that is none");
        }
    }
}
