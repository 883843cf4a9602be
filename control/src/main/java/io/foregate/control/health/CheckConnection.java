package io.foregate.control.health;

import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one check, blocking. It says before the first byte what the connections of requests say: a PROXY header that
 * stands for nobody, and the TLS handshake. Used by one thread; {@link #abort} may come from another.
 */
final class CheckConnection implements AutoCloseable {
    private static final byte[] PROXY_V1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    // The signature, version 2 with the command LOCAL, an unspecified family, and no addresses.
    private static final byte[] PROXY_V2 = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x20, 0x00, 0x00, 0x00
    };

    private final Endpoint endpoint;
    private final CheckPlan.Place place;
    private volatile Socket plain = new Socket();
    private volatile boolean aborted;
    private volatile boolean connected;
    private @Nullable SSLSocket secure;

    CheckConnection(Endpoint endpoint, CheckPlan.Place place) {
        this.endpoint = endpoint;
        this.place = place;
    }

    /** Whether TLS is spoken. */
    boolean encrypts() {
        return endpoint.settings().link().tls() != null && !place.plain();
    }

    /**
     * Connects, to each address in turn until one accepts. Of {@code withinNanos}, after which whoever watches over the check ends
     * it, each has its share, so that one that is silent doesn't speak for all.
     */
    void open(long withinNanos, @Nullable CheckTls tls, String... protocols) throws IOException {
        IOException last = null;
        List<InetSocketAddress> addresses = endpoint.addresses();
        // A single one may use it up: it has failed by then, and the watch says so.
        int eachMillis = addresses.size() < 2
                ? 0
                : (int) Math.clamp(withinNanos / addresses.size() / 1_000_000, 1, Integer.MAX_VALUE);
        for (InetSocketAddress address : addresses) {
            Socket socket = new Socket();
            plain = socket;
            if (aborted) {
                throw new IOException("aborted");
            }
            try {
                socket.setTcpNoDelay(true);
                socket.connect(
                        place.port() == 0 ? address : new InetSocketAddress(address.getAddress(), place.port()),
                        eachMillis);
                connected = true;
                break;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        if (connected) {
            introduce(plain, tls, protocols);
            return;
        }
        throw last == null ? new IOException(endpoint.unresolvedReason()) : last;
    }

    private void introduce(Socket socket, @Nullable CheckTls tls, String... protocols) throws IOException {
        // Another port is another server, which mostly has not heard of this.
        if (place.port() == 0) {
            switch (endpoint.settings().link().proxyProtocol()) {
                case OFF -> {}
                case V1 -> socket.getOutputStream().write(PROXY_V1);
                case V2 -> socket.getOutputStream().write(PROXY_V2);
            }
        }
        if (tls != null) {
            secure = tls.wrap(socket, endpoint.authority(), protocols);
        }
    }

    /** Whether HTTP/2 is spoken: the server has chosen so, or there is no choice. */
    boolean speaksHttp2() {
        SSLSocket session = secure;
        return session == null
                ? endpoint.settings().link().protocol() == Link.Protocol.H2
                : "h2".equals(session.getApplicationProtocol());
    }

    InputStream in() throws IOException {
        Socket socket = secure;
        return new BufferedInputStream((socket == null ? plain : socket).getInputStream(), 4096);
    }

    OutputStream out() throws IOException {
        Socket socket = secure;
        return (socket == null ? plain : socket).getOutputStream();
    }

    /** Ends whatever goes on on it, with an exception for who waits for it. */
    void abort() {
        aborted = true;
        close();
    }

    boolean aborted() {
        return aborted;
    }

    boolean connected() {
        return connected;
    }

    /** Closes without a goodbye: nobody is to wait for a server that may be sick. */
    @Override
    public void close() {
        try {
            plain.close();
        } catch (IOException e) {
            // There is nothing more to lose.
        }
    }
}
