package io.foregate.tests.http1;

import io.foregate.tests.support.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whether anything gets through at all. When this fails, nothing else here means much. */
@ExtendWith(NoLeaks.class)
final class AnythingGetsThroughTest {
    @Test
    void anythingGetsThrough() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head().expectStart("GET / HTTP/1.1").expect("Host", "a");
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            client.expect(200, "hello");
        }
    }
}
