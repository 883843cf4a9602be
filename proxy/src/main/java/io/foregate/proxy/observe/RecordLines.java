package io.foregate.proxy.observe;

import java.util.Arrays;

/**
 * Exchanges as JSON for whoever looks at a process that runs: the fields of the access log, but without the query, the user agent
 * and the referer, as none of these is needed to find a fault and all may hold what is nobody else's business. Owned by one thread.
 */
public final class RecordLines {
    private final JsonFormat format = JsonFormat.withoutQueries();
    private final ByteSink sink = new ByteSink();
    private final byte[] scratch = new byte[AccessFormat.MAX_RECORD_BYTES];

    /** One line of JSON, line feed included. */
    public byte[] line(AccessRecord record) {
        int length = write(record);
        return Arrays.copyOf(scratch, length);
    }

    /** Writes a line into {@link #scratch()} and returns its length. */
    int write(AccessRecord record) {
        sink.begin(scratch, 0);
        format.write(record, sink);
        return sink.length();
    }

    byte[] scratch() {
        return scratch;
    }
}
