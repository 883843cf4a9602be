package io.foregate.control.reload;

import com.sun.management.OperatingSystemMXBean;
import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is memory for another configuration beside those that there are. It can only be guessed by the size of the text; but a
 * process that finds out otherwise has ended by then. Stateless.
 */
final class Room {
    /** What a byte of text comes to once it is read, bound and compiled, or more: short routes take some fifty. */
    private static final long BYTES_PER_BYTE = 64;

    /** Eighths of the heap that may be full of configurations; the rest is for requests, and for what reading leaves behind. */
    private static final int EIGHTHS = 7;

    private static final int MIB_SHIFT = 20;

    private Room() {}

    /** How large the heap may grow, which is no more than the memory of the machine or the container. */
    static long heapBytes() {
        long most = Runtime.getRuntime().maxMemory();
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? Math.min(most, machine.getTotalMemorySize())
                : most;
    }

    /**
     * What to say where there is too little for {@code wanted}, or would be for the next change of its size; else null.
     *
     * @param besides texts of the configurations that stay meanwhile: the one in force, and one that is tried
     */
    static @Nullable Problem lack(Source wanted, List<Source> besides, long heapBytes) {
        long bytes = wanted.text().length;
        long others = 0;
        for (Source one : besides) {
            others += one.text().length;
        }
        long neededBytes = BYTES_PER_BYTE * (bytes + Math.max(bytes, others));
        long roomBytes = heapBytes / 8 * EIGHTHS;
        if (neededBytes <= roomBytes) {
            return null;
        }
        return Problem.at(
                new Position(wanted.name(), 1, 1),
                "",
                "is too large for this process: with another one beside it, it may take %d MiB of memory, and there are %d MiB for that"
                        .formatted(neededBytes >> MIB_SHIFT, roomBytes >> MIB_SHIFT),
                "a process that is started with it gets the memory for it: by a restart, or by foregate upgrade -c FILE; where"
                        + " FOREGATE_JAVA_OPTS sets -Xmx, by a restart with more");
    }
}
