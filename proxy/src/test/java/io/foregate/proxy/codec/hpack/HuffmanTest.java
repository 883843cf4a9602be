package io.foregate.proxy.codec.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every byte, in every neighbourhood, comes back the same. */
final class HuffmanTest {
    private static void roundTrip(byte[] bytes) {
        byte[] encoded = new byte[bytes.length * 4 + 8];
        int end = Huffman.encode(bytes, 0, bytes.length, encoded, 0);
        assertThat(end).isEqualTo(Huffman.encodedLength(bytes, 0, bytes.length));
        byte[] decoded = new byte[Huffman.maxDecodedLength(end)];
        // What lies behind the string must not matter.
        Arrays.fill(encoded, end, encoded.length, (byte) 0x5a);
        int decodedEnd = Huffman.decode(encoded, 0, end, decoded, 0);
        assertThat(Arrays.copyOf(decoded, Math.max(decodedEnd, 0))).isEqualTo(bytes);
    }

    @Test
    void everyPairOfBytesComesBack() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                roundTrip(new byte[] {(byte) first, (byte) second});
            }
        }
    }

    @Test
    void randomStringsComeBack() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            boolean text = random.nextInt(3) > 0;
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (text ? 'a' + random.nextInt(26) : random.nextInt(256));
            }
            roundTrip(bytes);
        }
    }
}
