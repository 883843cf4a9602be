package io.foregate.tests.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server with several addresses. */
@ExtendWith(NoLeaks.class)
final class AddressesTest {
    /** An address that neither accepts nor refuses: somebody listens, and never takes anybody in. */
    private static final class Silence implements AutoCloseable {
        private final ServerSocket listening;
        private final List<SocketChannel> waiting = new ArrayList<>();

        Silence() throws IOException {
            listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            for (int i = 0; i < 4; i++) {
                SocketChannel one = SocketChannel.open();
                one.configureBlocking(false);
                one.connect(listening.getLocalSocketAddress());
                waiting.add(one);
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listening.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel one : waiting) {
                one.close();
            }
            listening.close();
        }
    }

    @Test
    @Timeout(60)
    void aSilentAddressDoesNotUseUpTheConnectTimeout() throws IOException {
        try (var silence = new Silence();
                var up = Origin.saying("up");
                var proxy = Proxy.to()
                        .endpoint(1, silence.address(), up.address())
                        .connectTimeout(Duration.ofMinutes(5))
                        .open()) {
            assertThat(proxy.get("/").text()).isEqualTo("up");
            // From now on it begins with the one that worked.
            for (int i = 0; i < 5; i++) {
                assertThat(proxy.get("/").text()).isEqualTo("up");
            }
        }
    }

    @Test
    void whenNoAddressAcceptsTheRequestFailsOnce() throws IOException {
        try (var proxy = Proxy.to()
                .endpoint(1, nowhere(), nowhere(), nowhere())
                .attempts(1)
                .open()) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            assertThat(proxy.next().attempts()).isEqualTo(1);
        }
    }

    private static InetSocketAddress nowhere() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free());
    }
}
