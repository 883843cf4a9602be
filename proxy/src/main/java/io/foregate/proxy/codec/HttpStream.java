package io.foregate.proxy.codec;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on one connection, seen from Foregate: the same for both roles and every version of HTTP.
 *
 * <p>Used on the connection's event loop only. Lives from the moment its head is announced, or it is acquired from a pool,
 * until its owner calls {@link #close()}; after that it calls its handler no more and may serve another exchange.
 *
 * <p>Written things go out at the next {@link #flush()}, at the latest. A message is a head, data, and maybe trailers; exactly
 * one write carries {@code end}, or {@link #writeTrailers} is the last.
 */
public interface HttpStream {
    /** Who is called from now on. */
    void handler(StreamHandler handler);

    /**
     * Writes a head: of the request on an upstream stream, of an interim or the final answer on a downstream one. The head is
     * borrowed; its fields are end-to-end only, framing is this stream's business.
     */
    void writeHead(Head head, boolean end);

    /** Writes body bytes, whose ownership passes to the stream; an empty buffer with {@code end} just ends the body. */
    void writeData(ByteBuf data, boolean end);

    /** Ends the message with trailers, which are borrowed and dropped where the version or framing can't carry them. */
    void writeTrailers(Headers trailers);

    void flush();

    /** Whether more body may be written now; when it may not, {@link StreamHandler#onWritable} tells when it may again. */
    boolean writable();

    /** Asks for no more data; what was read already may still be delivered. */
    void pauseRead();

    void resumeRead();

    /**
     * Moves the body that is being received to {@code sink}, from socket to socket within the kernel, as far as that can be
     * done; what couldn't be moved arrives as data. Called from within {@code onData}, when all before it has been written.
     *
     * <p>Uploads take the ordinary way: an answer before their end would leave the move without a sink.
     *
     * @return whether moving has begun; {@link StreamHandler#onMoved} tells when it is done
     */
    default boolean moveTo(HttpStream sink) {
        return false;
    }

    /** Whether a move is under way that waits for its sink. */
    default boolean waitsForSink() {
        return false;
    }

    /** How far the peer has got with what was written; null when that can't be told. May cost a system call. */
    default @Nullable Taken taken() {
        return null;
    }

    /** Whether the peer has ended its message and our own has been written to its end. */
    boolean complete();

    /**
     * Tells the peer that this goes no further, as its version of HTTP can: what was promised and not delivered must look
     * broken, never complete. The handler isn't called again.
     */
    void reset(Failure failure);

    /**
     * The owner is done with the stream. A complete one makes its connection ready for the next; any other ends as {@link
     * #reset} would have it, or, downstream with a whole answer written, after what the client still sends was drained.
     */
    void close();
}
