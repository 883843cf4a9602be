package io.foregate.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RSA keys in the system's libcrypto, whatever the processor. */
final class OutsideKeyTest {
    private static final byte[] TEXT = "what a handshake gives to sign".getBytes(StandardCharsets.UTF_8);
    private static final int THREADS = 8;
    private static final int SIGNATURES = 50;

    @TempDir
    static Path folder;

    private static ServerCertificate certificate;
    private static ServerCertificate ecdsa;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificate = make("rsa", "RSA", "rsa:2048");
        ecdsa = make("ecdsa", "EC", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    }

    private static ServerCertificate make(String name, String algorithm, String... kind) throws Exception {
        Path pem = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        List<String> command =
                new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=x"));
        command.addAll(List.of("-keyout", key.toString(), "-out", pem.toString(), "-newkey"));
        command.addAll(List.of(kind));
        Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
        X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
        String base64 = Files.readString(key).replaceAll("-----.*-----", "").replaceAll("\\s", "");
        PrivateKey privateKey = KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        return new ServerCertificate(List.of(leaf), privateKey);
    }

    private static RsaKey key() throws GeneralSecurityException {
        return new RsaKey(certificate.key().getEncoded());
    }

    @Test
    void signaturesOfEverySchemeAreGood() throws Exception {
        RsaKey key = key();
        for (LibCrypto.Scheme scheme : LibCrypto.Scheme.values()) {
            assertThat(LibCrypto.Scheme.of(scheme.code())).isEqualTo(scheme);
            assertThat(good(scheme, key.sign(scheme.code(), TEXT)))
                    .as(scheme.name())
                    .isTrue();
        }
        key.release();
    }

    private static boolean good(LibCrypto.Scheme scheme, byte[] signature) throws Exception {
        String[] name = scheme.name().split("_SHA");
        Signature verify;
        if (name[0].equals("PSS")) {
            String digest = "SHA-" + name[1];
            verify = Signature.getInstance("RSASSA-PSS");
            verify.setParameter(new PSSParameterSpec(
                    digest, "MGF1", new MGF1ParameterSpec(digest), Integer.parseInt(name[1]) / 8, 1));
        } else {
            verify = Signature.getInstance("SHA" + name[1] + "withRSA");
        }
        verify.initVerify(certificate.leaf().getPublicKey());
        verify.update(TEXT);
        return verify.verify(signature);
    }

    @Test
    void schemesOfOtherKeysAreRefused() throws Exception {
        RsaKey key = key();
        assertThatThrownBy(() -> key.sign(0x0403, TEXT))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("0x403");
        key.release();
    }

    @Test
    void nonsenseIsNoKeyAndTheLibrarySaysWhy() {
        assertThatThrownBy(() -> new RsaKey(TEXT))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("the key can't be read (error:");
    }

    @Test
    void manyThreadsSignAtOnceWhileReferencesComeAndGo() throws Exception {
        RsaKey key = key();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int n = 0; n < SIGNATURES; n++) {
                        assertThat(key.retain()).isTrue();
                        byte[] signature = key.sign(LibCrypto.Scheme.PSS_SHA256.code(), TEXT);
                        key.release();
                        assertThat(good(LibCrypto.Scheme.PSS_SHA256, signature)).isTrue();
                    }
                } catch (Exception | AssertionError e) {
                    failures.add(e.toString());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        key.release();
        assertThat(key.retain()).isFalse();
    }

    @Test
    void handshakesOfBothVersionsAreSignedOutside() throws Exception {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            RsaKey key = key();
            TlsContext context = context(List.of(certificate), key);
            key.release();
            assertThat(shown(context, version, null)).isEqualTo(certificate.leaf());
            context.release();
            // The context's was the last reference.
            assertThat(key.retain()).isFalse();
        }
    }

    @Test
    void certificatesBeforeItArePreferredByThoseWhoCanVerifyThem() throws Exception {
        RsaKey key = key();
        TlsContext context = context(List.of(ecdsa, certificate), key);
        key.release();
        assertThat(shown(context, "TLSv1.3", null)).isEqualTo(ecdsa.leaf());
        assertThat(shown(context, "TLSv1.3", "rsa_pss_rsae_sha256")).isEqualTo(certificate.leaf());
        context.release();
    }

    @Test
    void handshakeFailsInsteadOfUsingKeyThatIsGone() throws Exception {
        RsaKey key = key();
        TlsContext context = context(List.of(certificate), key);
        key.release();
        SSLEngine server = context.newHandler(UnpooledByteBufAllocator.DEFAULT).engine();
        context.release();
        assertThat(context.retain()).isFalse();
        assertThat(key.retain()).isFalse();
        try {
            assertThatThrownBy(() -> shakeHands(client("TLSv1.3", null), server))
                    .isInstanceOf(SSLException.class);
        } finally {
            ReferenceCountUtil.release(server);
        }
    }

    private static TlsContext context(List<ServerCertificate> certificates, RsaKey key) throws TlsException {
        TlsPolicy policy = TlsPolicy.of(
                List.of("TLSv1.2", "TLSv1.3"),
                List.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
                List.of("X25519"),
                TlsPolicy.Clients.NOT_ASKED,
                "");
        return TlsContext.make(
                new TlsContext.Ingredients(policy, certificates, key, NoClients.INSTANCE, TlsPolicy.sha256(TEXT)),
                new Alpn(List.of(Alpn.HTTP_1_1)),
                List.of(TicketKeys.random()));
    }

    /** The certificate that a client is shown. */
    private static X509Certificate shown(TlsContext context, String version, @Nullable String scheme) throws Exception {
        SSLEngine server = context.newHandler(UnpooledByteBufAllocator.DEFAULT).engine();
        try {
            SSLSession session = shakeHands(client(version, scheme), server);
            assertThat(session.getProtocol()).isEqualTo(version);
            return (X509Certificate) session.getPeerCertificates()[0];
        } finally {
            ReferenceCountUtil.release(server);
        }
    }

    private static SSLEngine client(String version, @Nullable String scheme) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("rsa", certificate.leaf());
        store.setCertificateEntry("ecdsa", ecdsa.leaf());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        if (scheme != null) {
            parameters.setSignatureSchemes(new String[] {scheme});
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLSession shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocateDirect(64 * 1024);
        ByteBuffer toClient = ByteBuffer.allocateDirect(64 * 1024);
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < 100; turn++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                return client.getSession();
            }
        }
        throw new AssertionError("the handshake doesn't end");
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer nothing = ByteBuffer.allocateDirect(32 * 1024);
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            }
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocateDirect(0), out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                engine.unwrap(in, nothing);
                in.compact();
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }
}
