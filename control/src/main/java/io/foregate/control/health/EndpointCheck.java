package io.foregate.control.health;

import io.foregate.control.health.Http2Check.Field;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.OriginTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Checks one endpoint, once for each call; blocks for no longer than a check may take. One thread at a time.
 *
 * <p>Every check has a connection of its own: whether a server takes new ones is part of the question.
 */
final class EndpointCheck {
    private static final String HTTP_2 = "h2";
    private static final String HTTP_1 = "http/1.1";

    private final Endpoint endpoint;
    private final CheckPlan plan;
    private final TlsOfPool tls;
    private final ScheduledExecutorService alarms;

    /** The TLS that the endpoints of a pool share, made when it is first needed. */
    static final class TlsOfPool {
        private @Nullable OriginTls of;
        private @Nullable CheckTls made;

        synchronized CheckTls get(OriginTls wanted) throws IOException {
            CheckTls known = made;
            if (known == null || !wanted.equals(of)) {
                try {
                    known = CheckTls.of(wanted);
                } catch (GeneralSecurityException e) {
                    throw new IOException("TLS for checks can't be set up: " + e.getMessage(), e);
                }
                made = known;
                of = wanted;
            }
            return known;
        }
    }

    EndpointCheck(Endpoint endpoint, CheckPlan plan, TlsOfPool tls, ScheduledExecutorService alarms) {
        this.endpoint = endpoint;
        this.plan = plan;
        this.tls = tls;
        this.alarms = alarms;
    }

    /** What it came to; never throws for anything that a server may do. */
    Finding run() {
        try (CheckConnection connection = new CheckConnection(endpoint, plan.place())) {
            Future<?> alarm;
            try {
                alarm = alarms.schedule(connection::abort, plan.pace().timeoutNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                return Finding.failed("the process ends");
            }
            try {
                connection.open(plan.pace().timeoutNanos(), connection.encrypts() ? checkTls() : null, protocols());
                return ask(connection);
            } catch (IOException | RuntimeException e) {
                return connection.aborted() ? tooSlow(connection) : Finding.failed(reason(e));
            } finally {
                alarm.cancel(false);
            }
        }
    }

    private CheckTls checkTls() throws IOException {
        OriginTls of = endpoint.settings().link().tls();
        if (of == null) {
            throw new IOException("no TLS is spoken to " + endpoint);
        }
        return tls.get(of);
    }

    private String[] protocols() {
        if (plan.what() instanceof CheckPlan.Grpc) {
            return new String[] {HTTP_2};
        }
        return switch (endpoint.settings().link().protocol()) {
            case AUTO -> new String[] {HTTP_2, HTTP_1};
            case H1 -> new String[] {HTTP_1};
            case H2 -> new String[] {HTTP_2};
        };
    }

    private Finding ask(CheckConnection connection) throws IOException {
        return switch (plan.what()) {
            case CheckPlan.Tcp tcp -> Finding.passed("connected");
            case CheckPlan.Grpc grpc ->
                GrpcCheck.ask(connection, grpc.service(), ownName(), plan.pace().timeoutNanos());
            case CheckPlan.Http http -> {
                String host = http.host();
                String named = host == null ? ownName() : host;
                yield judge(
                        http,
                        speaksHttp2(connection)
                                ? http2(connection, http, named)
                                : Http1Check.ask(connection, http, named));
            }
        };
    }

    private boolean speaksHttp2(CheckConnection connection) {
        // Another port without TLS is another server: what requests speak says nothing about it.
        boolean otherServer = plan.place().port() != 0 && !connection.encrypts();
        return connection.speaksHttp2() && !otherServer
                || otherServer
                        && endpoint.settings().link().protocol() == Link.Protocol.H2
                        && !plan.place().plain();
    }

    private static HttpAnswer http2(CheckConnection connection, CheckPlan.Http http, String host) throws IOException {
        List<Field> fields = List.of(
                new Field(":method", http.method()),
                new Field(":scheme", connection.encrypts() ? "https" : "http"),
                new Field(":path", http.target()),
                new Field(":authority", host),
                new Field("user-agent", "Foregate-health"),
                new Field("accept", "*/*"));
        return Http2Check.ask(connection, fields, new byte[0], http.body() != null);
    }

    private static Finding judge(CheckPlan.Http http, HttpAnswer answer) {
        if (!http.accepts(answer.status())) {
            return Finding.failed("status " + answer.status() + " instead of " + http.accepted());
        }
        String body = http.body();
        if (body != null && !answer.contains(body)) {
            return Finding.failed("status " + answer.status() + ", but its body lacks what it must contain");
        }
        return Finding.passed("status " + answer.status());
    }

    private String ownName() {
        return new String(endpoint.hostBytes(), StandardCharsets.ISO_8859_1);
    }

    private Finding tooSlow(CheckConnection connection) {
        String what = connection.connected() ? "no answer" : "no connection";
        return new Finding(false, what + " within " + plan.pace().timeoutNanos() / 1_000_000 + " ms", true);
    }

    private static String reason(Exception e) {
        if (e instanceof SSLException) {
            return OriginTls.reason(e);
        }
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
