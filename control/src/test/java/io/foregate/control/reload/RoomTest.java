package io.foregate.control.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RoomTest {
    private static final int MIB = 1 << 20;

    private static Source of(int bytes) {
        return new Source("foregate.yaml", new byte[bytes]);
    }

    @Test
    void whatFitsBesideTheOneInForceIsFine() {
        assertThat(Room.lack(of(MIB), List.of(of(MIB)), 256 * MIB)).isNull();
        assertThat(Room.lack(of(MIB / 2), List.of(of(MIB), of(MIB)), 256 * MIB)).isNull();
    }

    @Test
    void whatDoesNotIsSaidInMebibytes() {
        assertThat(String.valueOf(Room.lack(of(2 * MIB), List.of(of(2 * MIB)), 256 * MIB)))
                .startsWith("foregate.yaml:1:1: is too large for this process:")
                .contains("may take 256 MiB of memory, and there are 224 MiB for that", "foregate upgrade");
        assertThat(Room.lack(of(MIB), List.of(of(MIB), of(2 * MIB)), 256 * MIB)).isNotNull();
    }

    @Test
    void whatWouldBeTheLastChangeIsRefusedRatherThanTheNextOne() {
        assertThat(Room.lack(of(2 * MIB), List.of(of(1000)), 256 * MIB)).isNotNull();
    }

    @Test
    void aProcessWithTheMemoryThatTheLauncherGivesCanReloadAFileOfTheSameSizeWhileAnotherIsTried() {
        for (int size : new int[] {64 << 10, MIB, 16 * MIB}) {
            long heap = (256L << 20) + (size / 4096L << 20);
            assertThat(Room.lack(of(size), List.of(of(size), of(size)), heap))
                    .as("%d bytes", size)
                    .isNull();
        }
    }
}
