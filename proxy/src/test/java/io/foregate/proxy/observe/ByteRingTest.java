package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRingTest {
    private static final int MAX_LINE = 100;

    private static boolean put(ByteRing ring, ByteSink sink, long number, int length) {
        if (!ring.beginLine(sink)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            sink.put((char) ('a' + (number + i) % 26));
        }
        sink.put('\n');
        ring.endLine(sink);
        return true;
    }

    @Test
    void linesPassWholeAndInOrderAcrossTheEndOfTheArray() throws InterruptedException {
        int lines = 500_000;
        ByteRing ring = new ByteRing(1024, MAX_LINE);
        Thread loop = Thread.ofPlatform().start(() -> {
            Random lengths = new Random(3);
            ByteSink sink = new ByteSink();
            for (int number = 0; number < lines; number++) {
                int length = lengths.nextInt(MAX_LINE);
                while (!put(ring, sink, number, length)) {
                    Thread.onSpinWait();
                }
            }
        });

        Random lengths = new Random(3);
        ByteBuffer taken = ByteBuffer.allocate(300);
        int number = 0;
        while (number < lines) {
            taken.clear();
            ring.takeLines(taken);
            taken.flip();
            if (!taken.hasRemaining()) {
                Thread.onSpinWait();
            }
            while (taken.hasRemaining()) {
                int length = lengths.nextInt(MAX_LINE);
                for (int i = 0; i < length; i++) {
                    if (taken.get() != 'a' + (number + i) % 26) {
                        throw new AssertionError("line " + number + " is torn at " + i);
                    }
                }
                assertThat(taken.get()).isEqualTo((byte) '\n');
                number++;
            }
        }
        loop.join();
        assertThat(ring.available()).isZero();
    }

    @Test
    void aFullRingTakesNoMoreUntilLinesAreTaken() {
        ByteRing ring = new ByteRing(256, MAX_LINE);
        ByteSink sink = new ByteSink();
        int fitted = 0;
        while (put(ring, sink, 0, 49)) {
            fitted++;
        }
        assertThat(fitted).isEqualTo(4);
        assertThat(ring.holdsAtLeast(200)).isTrue();
        ring.takeLines(ByteBuffer.allocate(120));
        assertThat(ring.available()).isEqualTo(100);
        assertThat(put(ring, sink, 0, 99)).isTrue();
        assertThat(ring.discardLines()).isEqualTo(3);
        assertThat(ring.available()).isZero();
    }

    @Test
    void refusesACapacityThatHoldsNoTwoLines() {
        assertThatThrownBy(() -> new ByteRing(128, MAX_LINE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ByteRing(300, MAX_LINE)).isInstanceOf(IllegalArgumentException.class);
    }
}
