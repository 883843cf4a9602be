package io.foregate.tests.health;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Program;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** An origin that speaks HTTP/1.1 over TLS, with a certificate for 127.0.0.1 that it has signed itself. */
final class TlsOrigin implements AutoCloseable {
    private final SSLServerSocket server;
    private final AtomicInteger requests = new AtomicInteger();

    private TlsOrigin(SSLServerSocket server) {
        this.server = server;
    }

    /** Starts one with a certificate of its own, {@code name.pem} in that folder. */
    static TlsOrigin start(Path folder, String name) throws IOException, GeneralSecurityException {
        return start(folder, name, false);
    }

    /** Starts one that wants a certificate of its clients, whichever. */
    static TlsOrigin asking(Path folder, String name) throws IOException, GeneralSecurityException {
        return start(folder, name, true);
    }

    private static TlsOrigin start(Path folder, String name, boolean asks)
            throws IOException, GeneralSecurityException {
        Path pem = Authority.selfSigned(folder, name, "IP:127.0.0.1");
        Path store = folder.resolve(name + ".p12");
        Program.run(
                "openssl",
                "pkcs12",
                "-export",
                "-in",
                pem.toString(),
                "-inkey",
                folder.resolve(name + ".key").toString(),
                "-passout",
                "pass:secret",
                "-out",
                store.toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setNeedClientAuth(asks);
        TlsOrigin origin = new TlsOrigin(server);
        Thread.ofVirtual().start(origin::accept);
        return origin;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve((SSLSocket) socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            for (int b = in.read(); b >= 0; b = in.read()) {
                head.append((char) b);
                if (head.toString().endsWith("\r\n\r\n")) {
                    requests.incrementAndGet();
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure")
                                    .getBytes(StandardCharsets.US_ASCII));
                    head.setLength(0);
                }
            }
        } catch (IOException gone) {
            // Whoever distrusts the certificate hangs up.
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Requests so far, of checks and others. */
    int requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
