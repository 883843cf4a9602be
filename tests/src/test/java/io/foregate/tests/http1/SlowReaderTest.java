package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Clients that read late: the last of their answer still waits in Foregate when the exchange is over, for longer than it
 * lingers on connections that are to be closed.
 *
 * <p>How much the sockets on the way take is the system's secret. So many answers are tried side by side, each a little longer
 * than the one before; for some of them the end comes to lie where it is of interest.
 */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class SlowReaderTest {
    private static final int SHORTEST = 100_000;
    private static final int LONGEST = 5_000_000;
    private static final int STEP = 120_000;
    private static final int LONGER_THAN_IT_LINGERS_MILLIS = 3000;
    private static final int CLIENTS = (LONGEST - SHORTEST) / STEP;

    private enum Fin {
        BEFORE_READING,
        AFTER_ALL
    }

    @Test
    void getsAllThoughItHasEndedItsSide() throws Exception {
        getsAll("GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", Fin.BEFORE_READING);
    }

    @Test
    void getsAllThoughItAskedForClose() throws Exception {
        getsAll("GET /%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Fin.AFTER_ALL);
    }

    @Test
    void getsAllThoughItAskedForCloseAndEndedItsSide() throws Exception {
        getsAll("GET /%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Fin.BEFORE_READING);
    }

    @Test
    void getsAllThoughItSpeaksHttp10() throws Exception {
        getsAll("GET /%d HTTP/1.0\r\nHost: a\r\n\r\n", Fin.AFTER_ALL);
    }

    @Test
    void getsAllThoughItDidNotSendAll() throws Exception {
        getsAll("POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhello", Fin.AFTER_ALL);
    }

    private static void getsAll(String request, Fin fin) throws Exception {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                String asks = request.formatted(SHORTEST + i * STEP);
                tasks.add(threads.submit(reading(foregate, asks, fin)));
                Peer origin = server.accept();
                threads.execute(() -> answer(origin));
            }
            for (var task : tasks) {
                result(task);
            }
        }
    }

    private static void result(Future<?> task) throws Exception {
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw e;
        }
    }

    private static Callable<?> reading(Foregate foregate, String request, Fin fin) {
        return () -> {
            try (var client = foregate.connectSlowly()) {
                client.send(request);
                // Not a wait for something: the point is that time passes in which nothing is read.
                Thread.sleep(LONGER_THAN_IT_LINGERS_MILLIS);
                if (fin == Fin.BEFORE_READING) {
                    client.finish();
                    Thread.sleep(300);
                }
                var head = client.expectStatus(200);
                var rest = client.tail();
                if (head.field("Transfer-Encoding") != null) {
                    assertThat(rest.last()).as("after %s bytes", rest.bytes()).endsWith("\r\n0\r\n\r\n");
                } else {
                    assertThat(rest.bytes()).isEqualTo(length(request));
                }
            }
            return true;
        };
    }

    private static int length(String request) {
        return Integer.parseInt(request.split("[ /]")[2]);
    }

    private static void answer(Peer origin) {
        int length = length(origin.head().start());
        origin.trySend(Peer.octets("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"));
        origin.trySend(Peer.octets(Integer.toHexString(length) + "\r\n"));
        origin.trySend(new byte[length]).trySend(Peer.octets("\r\n0\r\n\r\n"));
    }
}
