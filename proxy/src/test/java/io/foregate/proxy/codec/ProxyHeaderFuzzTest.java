package io.foregate.proxy.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Whatever a connection begins with, byte by byte: it is recognised once and for all, as one thing, and nothing is thrown. With
 * {@code JAZZER_FUZZ=1} it looks for more inputs.
 */
final class ProxyHeaderFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void aHeaderMeansOneThing(byte[] bytes) {
        String understood = "MORE";
        for (int length = 0; length <= bytes.length; length++) {
            String now = ProxyHeaders.understood(bytes, length);
            if (!understood.equals("MORE") && !now.equals(understood)) {
                throw new AssertionError("at " + length + " bytes, " + understood + " became " + now);
            }
            understood = now;
        }
    }
}
