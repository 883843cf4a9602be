package io.foregate.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.model.AdminAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server behind a unix socket has a port, which is of no use. */
final class DoorTest {
    @TempDir
    Path folder;

    @Test
    void whoComesByThePortBehindAUnixSocketIsNobody() throws Exception {
        Loaded.Ok loaded = (Loaded.Ok) ConfigLoader.load("a", "sites: { a: { routes: { /*: { respond: 200 } } } }");
        Door.Keys keys = new Door.Keys(Access.of(loaded), null);
        AdminAddress address = AdminAddress.parse("unix:s");
        try (Door door = Door.open(address, keys, folder, (exchange, from) -> {
            byte[] user = String.valueOf(from.user(exchange)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, user.length);
            exchange.getResponseBody().write(user);
            exchange.close();
        })) {
            SocketAddress port = new InetSocketAddress(InetAddress.getLoopbackAddress(), door.serverPort());
            assertThat(ask(port)).endsWith("\r\n\r\nnull");
            assertThat(ask(UnixDomainSocketAddress.of(folder.resolve("s"))))
                    .endsWith("\r\n\r\n" + System.getProperty("user.name"));
        }
    }

    private static String ask(SocketAddress address) throws Exception {
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                // Until its end.
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }
}
