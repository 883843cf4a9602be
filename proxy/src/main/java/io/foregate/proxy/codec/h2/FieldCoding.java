package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.codec.TrailerFields;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import io.foregate.proxy.codec.hpack.HpackEncoder;
import org.jspecify.annotations.Nullable;

/**
 * A connection's field sections in both directions: the two tables of HPACK, and what becomes of sections that are no heads. Owned
 * by its connection.
 */
final class FieldCoding {
    private static final int STANDARD_TABLE_BYTES = 4096;
    private static final HpackDecoder.PseudoFields NO_PSEUDO_FIELDS = (name, start, length) -> false;

    private final Http2Connection connection;
    private final HpackDecoder decoder;
    private final HpackEncoder encoder;
    private final int tableBytes;
    private @Nullable Headers trailerBlock;

    FieldCoding(Http2Connection connection, HeadLimits limits, int tableBytes) {
        this.connection = connection;
        this.tableBytes = tableBytes;
        // Until the peer has acknowledged another size, its table is the standard's.
        this.decoder = new HpackDecoder(
                Math.max(STANDARD_TABLE_BYTES, tableBytes), limits.maxHeaderBytes(), limits.maxHeaderCount());
        this.encoder = new HpackEncoder(connection.role().server());
    }

    HpackEncoder encoder() {
        return encoder;
    }

    /** The peer has acknowledged our SETTINGS. */
    void acknowledged() {
        decoder.maxTableBytes(tableBytes);
    }

    /** The table that the peer keeps for us. */
    void peerTableBytes(long bytes) {
        encoder.peerTableBytes(bytes);
    }

    /** Decodes a section into a head's block; a connection whose compression is broken has failed when it returns. */
    HpackDecoder.Result decode(FieldSection section, Headers into, HpackDecoder.PseudoFields pseudo) {
        HpackDecoder.Result result = decoder.decode(section.bytes(), section.start(), section.end(), into, pseudo);
        if (result == HpackDecoder.Result.BROKEN) {
            connection.fail(ErrorCode.COMPRESSION_ERROR, "broken field compression");
        } else if (result == HpackDecoder.Result.TOO_LARGE) {
            connection.guard().tooLarge(decoder.decodedBytes(), section.end() - section.start());
        }
        return result;
    }

    /** Decodes a section that nobody wants, so that the table goes along. */
    void discard(FieldSection section) {
        decode(section, trailerBlock(), NO_PSEUDO_FIELDS);
    }

    private Headers trailerBlock() {
        Headers block = trailerBlock;
        if (block == null) {
            block = new Headers();
            trailerBlock = block;
        }
        block.clear();
        return block;
    }

    /** A section behind the head: trailers, which end the message (RFC 9113 §8.1). */
    void trailers(Http2Stream stream, FieldSection section) {
        Headers block = trailerBlock();
        HpackDecoder.Result result = decode(section, block, NO_PSEUDO_FIELDS);
        if (result == HpackDecoder.Result.BROKEN) {
            return;
        }
        stream.remoteEnded = true;
        if (result != HpackDecoder.Result.OK
                || !section.endStream()
                || stream.bodyRemaining > 0
                || stream.tunnel
                || FieldRules.connectionSpecific(block)) {
            connection.role().malformed(stream, "trailers that can't be");
            return;
        }
        TrailerFields.keepAllowed(block);
        StreamHandler handler = stream.handler();
        if (handler != null) {
            connection.touch(stream);
            handler.onTrailers(stream, block);
        }
        connection.streams().remoteEnded(stream);
    }

    /** Writes trailers of ours, which end the message. */
    void writeTrailers(Http2Stream stream, Headers trailers) {
        byte[] scratch = connection.sendScratch(HpackEncoder.maxLength(trailers));
        encoder.begin(scratch, 0);
        encoder.fields(trailers);
        connection.writer().headers(stream.id(), scratch, encoder.end(), true);
        connection.streams().localEnded(stream);
    }
}
