package io.foregate.tests.reload;

import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An origin that takes every upgrade and sends back what comes then, and clients of it. Stateless. */
final class Echo {
    private Echo() {}

    static Origin start() throws IOException {
        return Origin.start(connection -> {
            if (connection.request() == null) {
                return;
            }
            connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            byte[] bytes = new byte[4096];
            for (int count = connection.in().read(bytes);
                    count > 0;
                    count = connection.in().read(bytes)) {
                connection.out().write(bytes, 0, count);
            }
        });
    }

    /** A connection that has been upgraded. */
    static Wire open(int port, String path) throws IOException {
        Wire client = Wire.to(port);
        client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        int status = client.responseHead().status();
        if (status != 101) {
            throw new IOException("not upgraded but " + status);
        }
        return client;
    }

    /** Says something and returns what comes back. */
    static String said(Wire client, String text) throws IOException {
        client.send(text);
        byte[] back = client.in().readNBytes(text.length());
        return new String(back, StandardCharsets.ISO_8859_1);
    }
}
