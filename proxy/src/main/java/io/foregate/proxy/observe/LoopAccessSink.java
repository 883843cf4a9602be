package io.foregate.proxy.observe;

/** One loop's end of the access log: formats each record into the loop's ring, or drops it when that is full. */
final class LoopAccessSink implements AccessSink {
    private final AccessLogWriter writer;
    private final ByteRing ring;
    private final AccessFormat format;
    private final ByteSink line = new ByteSink();

    LoopAccessSink(AccessLogWriter writer, ByteRing ring, AccessFormat format) {
        this.writer = writer;
        this.ring = ring;
        this.format = format;
    }

    @Override
    public void accept(AccessRecord record) {
        if (writer.isClosing() || !ring.beginLine(line)) {
            writer.dropped();
            return;
        }
        format.write(record, line);
        ring.endLine(line);
        writer.published(ring);
    }
}
