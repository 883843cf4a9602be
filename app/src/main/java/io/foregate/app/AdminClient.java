package io.foregate.app;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.AdminAddress;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the admin API of a process: HTTP/1.1, a connection for each call. The JDK's client knows no unix sockets, and what is
 * needed of HTTP here is a page.
 */
final class AdminClient {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 120_000;
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final String DENIED = "Permission denied";

    private final String shown;
    private final AdminAddress address;
    private final boolean secure;
    private final Trust trust;

    private AdminClient(String shown, AdminAddress address, boolean secure, Trust trust) {
        this.shown = shown;
        this.address = address;
        this.secure = secure;
        this.trust = trust;
    }

    /**
     * Who believes whom.
     *
     * @param token that is shown, or null
     * @param authorities whose certificates are believed; null for those that Java trusts
     */
    record Trust(@Nullable String token, @Nullable Path authorities) {}

    /** One for {@code address:port}, {@code http://…}, {@code https://…} or {@code unix:PATH}. */
    static AdminClient of(String text, Trust trust) {
        String token = trust.token;
        boolean secure = text.startsWith(HTTPS);
        String rest =
                secure ? text.substring(HTTPS.length()) : text.startsWith(HTTP) ? text.substring(HTTP.length()) : text;
        rest = rest.endsWith("/") && !rest.startsWith("unix:") ? rest.substring(0, rest.length() - 1) : rest;
        if (rest.startsWith(":")) {
            rest = "localhost" + rest;
        }
        if (token != null && token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new BadUsage("the token holds characters that a token can't");
        }
        try {
            if (rest.startsWith("unix:")) {
                return new AdminClient(text, AdminAddress.parse(rest), false, trust);
            }
            int colon = rest.lastIndexOf(':');
            boolean port =
                    colon > rest.lastIndexOf(']') && rest.substring(colon + 1).matches("[0-9]{1,5}");
            if (!port || rest.indexOf('/') >= 0) {
                throw new BadUsage("--admin " + text + ": write address:port, https://name:port or unix:PATH");
            }
            String host = rest.substring(0, colon).replace("[", "").replace("]", "");
            int number = Integer.parseInt(rest.substring(colon + 1));
            if (number < 1 || number > 65535) {
                throw new BadUsage("--admin " + text + ": the port is outside 1–65535");
            }
            return new AdminClient(text, new AdminAddress(AdminAddress.Kind.TCP, "", host, number), secure, trust);
        } catch (BadValue e) {
            throw new BadUsage("--admin " + text + ": " + e.what());
        }
    }

    /**
     * What came back.
     *
     * @param etag without its quotes; empty when there is none
     */
    record Answer(int status, String etag, String text) {
        boolean fine() {
            return status >= 200 && status < 300;
        }

        /** The content, when it is JSON; throws {@link Unreachable} when it isn't. */
        JsonNode json() {
            try {
                return JsonMapper.shared().readTree(text);
            } catch (JacksonException e) {
                throw new Unreachable("what answers there is no admin API of Foregate (status " + status + ")");
            }
        }

        /** This answer, unless it is a refusal, which is said. */
        Answer orRefuse() {
            if (!fine()) {
                throw new Refused(json().path("error").asString("the admin API has answered " + status));
            }
            return this;
        }
    }

    Answer get(String path) {
        return call("GET", path, Map.of(), null);
    }

    /** The same for people. */
    Answer getText(String path) {
        return call("GET", path, Map.of("Accept", "text/plain"), null);
    }

    Answer post(String path, Map<String, ?> body) {
        return call("POST", path, Map.of(), body);
    }

    Answer postText(String path, Map<String, ?> body) {
        return call("POST", path, Map.of("Accept", "text/plain"), body);
    }

    /** Takes lines as they come; an empty one says that the other side is still there. */
    interface Lines {
        /** Whether there shall be more. */
        boolean take(String line);
    }

    /** Reads lines until {@code lines} has enough or the process ends them. Throws {@link Refused} when there are none. */
    void stream(String path, Lines lines) {
        call("GET", path, Map.of(), null, new Reading() {
            @Override
            public Answer read(InputStream in) throws IOException {
                return taken(in, lines);
            }

            @Override
            public boolean endless() {
                return true;
            }
        });
    }

    private static Answer taken(InputStream in, Lines lines) throws IOException {
        AnswerHead head = AnswerHead.read(in);
        if (head.status() != 200) {
            return head.whole(in).orRefuse();
        }
        BufferedReader reader = new BufferedReader(new InputStreamReader(head.body(in), StandardCharsets.UTF_8));
        String line = reader.readLine();
        while (line != null && lines.take(line)) {
            line = reader.readLine();
        }
        return new Answer(200, "", "");
    }

    /** Throws {@link Unreachable} when nobody answers. */
    Answer call(String method, String path, Map<String, String> fields, @Nullable Map<String, ?> body) {
        return call(method, path, fields, body, in -> AnswerHead.read(in).whole(in));
    }

    /** Reads what is answered. */
    private interface Reading {
        Answer read(InputStream in) throws IOException;

        /** Whether that may go on for as long as the reader likes. */
        default boolean endless() {
            return false;
        }
    }

    private Answer call(
            String method, String path, Map<String, String> fields, @Nullable Map<String, ?> body, Reading reading) {
        byte[] content = body == null ? new byte[0] : JsonMapper.shared().writeValueAsBytes(body);
        StringBuilder head = new StringBuilder();
        head.append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host());
        head.append("\r\nConnection: close\r\n");
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(content.length)
                    .append("\r\n");
        }
        if (trust.token != null) {
            head.append("Authorization: Bearer ").append(trust.token).append("\r\n");
        }
        fields.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        boolean[] sent = {false};
        Wire wire = (out, in) -> {
            out.write(bytes);
            out.write(content);
            out.flush();
            sent[0] = true;
            return reading.read(in);
        };
        try {
            return address.kind() == AdminAddress.Kind.UNIX ? overUnix(wire, reading.endless()) : overTcp(wire);
        } catch (IOException e) {
            if (sent[0]) {
                throw new Unreachable("the admin API at " + shown + " was asked, and its answer can't be had ("
                        + e.getMessage() + "); what it came to is told by foregate status and foregate history");
            }
            if (address.kind() == AdminAddress.Kind.UNIX
                    && String.valueOf(e.getMessage()).contains(DENIED)) {
                throw new Unreachable(
                        "the admin API at " + shown + " isn't for this user: the socket is for the user that the proxy"
                                + " runs as, and for root; try sudo -u USER foregate …");
            }
            throw new Unreachable("the admin API at " + shown + " can't be reached: " + e.getMessage()
                    + "; is admin: set in the configuration, and does --admin say the same?");
        }
    }

    private String host() {
        return address.kind() == AdminAddress.Kind.UNIX
                ? "localhost"
                : (address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host()) + ":"
                        + address.port();
    }

    /** A call over a connection that stands. */
    private interface Wire {
        Answer call(OutputStream out, InputStream in) throws IOException;
    }

    private Answer overUnix(Wire wire, boolean endless) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().factory())) {
            channel.connect(UnixDomainSocketAddress.of(address.path()));
            // These have no timeout of their own.
            Future<?> bell = alarm.schedule(
                    () -> {
                        channel.close();
                        return null;
                    },
                    endless ? Integer.MAX_VALUE : ANSWER_MILLIS,
                    TimeUnit.MILLISECONDS);
            try {
                return wire.call(Channels.newOutputStream(channel), Channels.newInputStream(channel));
            } finally {
                bell.cancel(false);
                alarm.shutdownNow();
            }
        }
    }

    private Answer overTcp(Wire wire) throws IOException {
        Socket plain = new Socket();
        Closeable closed = plain;
        try {
            plain.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            plain.setSoTimeout(ANSWER_MILLIS);
            Socket socket = secure ? secured(plain) : plain;
            closed = socket;
            return wire.call(socket.getOutputStream(), socket.getInputStream());
        } finally {
            closed.close();
        }
    }

    private Socket secured(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) sockets().createSocket(plain, address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private SSLSocketFactory sockets() throws IOException {
        Path file = trust.authorities;
        return file == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : Authorities.trusting(file);
    }
}
