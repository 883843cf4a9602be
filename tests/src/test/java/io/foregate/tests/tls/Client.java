package io.foregate.tests.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's TLS client over a socket that the test can touch beneath it. */
final class Client implements AutoCloseable {
    private final Socket socket;
    private final SSLSocket tls;

    private Client(Socket socket, SSLSocket tls) {
        this.socket = socket;
        this.tls = tls;
    }

    static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(authority))));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    static Client to(int port, SSLContext context, String name) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(30_000);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, name, port, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return new Client(socket, tls);
    }

    /** The bytes with which a client begins a handshake for a name. */
    static byte[] hello(SSLContext context, String name) throws IOException {
        SSLEngine engine = context.createSSLEngine(name, 443);
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    void send(String text) throws IOException {
        tls.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    InputStream in() throws IOException {
        return tls.getInputStream();
    }

    SSLSocket tls() {
        return tls;
    }

    /** The TCP connection beneath. */
    Socket socket() {
        return socket;
    }

    /** A GET whose answer has a length; the answer's status. */
    int get(String name) throws IOException {
        send("GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n");
        return answer();
    }

    /** Reads one answer that has a length; its status. */
    int answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = tls.getInputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended within a head: " + text);
            }
            head.write(next);
            text = head.toString(StandardCharsets.ISO_8859_1);
        }
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length:");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        lower.substring(at + 15, lower.indexOf('\r', at)).strip());
        if (in.readNBytes(length).length < length) {
            throw new IOException("the connection ended within a body");
        }
        return Integer.parseInt(text.substring(9, 12));
    }

    @Override
    public void close() throws IOException {
        tls.close();
        socket.close();
    }
}
