package io.foregate.proxy.tls;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * Whatever comes as a ClientHello is read or refused; nothing is thrown, nothing is read beyond the end, and a name that is read
 * is fit for a look-up. With {@code JAZZER_FUZZ=1} it looks for more inputs.
 */
final class ClientHelloFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void helloIsReadOrRefused(byte[] bytes) {
        ByteBuf in = Unpooled.directBuffer(bytes.length + 64);
        try {
            in.writeBytes(bytes);
            ClientHello hello = ClientHello.parse(in);
            if (in.readableBytes() != bytes.length) {
                throw new AssertionError("the buffer's position has moved");
            }
            if (hello == null) {
                return;
            }
            String name = hello.serverName();
            if (name != null
                    && (name.isEmpty() || name.length() > 255 || name.chars().anyMatch(c -> c <= ' '))) {
                throw new AssertionError("a name that is none: " + name);
            }
            List<String> protocols = hello.protocols();
            if (protocols != null && (protocols.isEmpty() || protocols.contains(""))) {
                throw new AssertionError("protocols that are none: " + protocols);
            }
        } finally {
            in.release();
        }
    }
}
