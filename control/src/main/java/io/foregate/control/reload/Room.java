package io.foregate.control.reload;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is memory for another configuration beside the one in force. It can only be guessed by the size of the text; but a
 * process that finds out otherwise has ended by then. Stateless.
 */
final class Room {
    /** What a byte of text comes to once it is read, bound and compiled, or more: short routes take some fifty. */
    private static final long BYTES_PER_BYTE = 64;

    private static final int MIB_SHIFT = 20;

    private Room() {}

    /**
     * What to say where there is too little, else null.
     *
     * @param mostBytes how large the heap may grow
     */
    static @Nullable Problem lack(Source wanted, Source inForce, long mostBytes) {
        long neededBytes = BYTES_PER_BYTE * ((long) wanted.text().length + inForce.text().length);
        long roomBytes = mostBytes / 8 * 7;
        if (neededBytes <= roomBytes) {
            return null;
        }
        return Problem.at(
                new Position(wanted.name(), 1, 1),
                "",
                "is too large for this process: together with the one in force it may take %d MiB of memory, and there are %d MiB for that"
                        .formatted(neededBytes >> MIB_SHIFT, roomBytes >> MIB_SHIFT),
                "a process that is started with it gets the memory for it: foregate upgrade -c FILE, or a restart; where"
                        + " FOREGATE_JAVA_OPTS sets -Xmx, raise that first");
    }
}
