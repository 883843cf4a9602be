package io.foregate.proxy.codec;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.netty.buffer.ByteBuf;

/** Receives what the peer of an {@link HttpStream} sends. Called on the stream's event loop. */
public interface StreamHandler {
    /**
     * A head came: the request's, an interim answer's, or the final answer's. Ownership passes: the handler gives it back to
     * the loop's {@link HeadPool}.
     *
     * @param end whether the message ends with it
     */
    void onHead(HttpStream stream, Head head, boolean end);

    /** Body bytes came; ownership passes. May be empty when {@code end} is true. */
    void onData(HttpStream stream, ByteBuf data, boolean end);

    /** Body bytes went to the stream that {@link HttpStream#moveTo} named, without passing through here; more follow as data. */
    void onMoved(HttpStream stream, long bytes);

    /** The message ended with trailers, which are borrowed for the call. */
    void onTrailers(HttpStream stream, Headers trailers);

    /** The message won't be completed, or the peer is gone. The last call. */
    void onReset(HttpStream stream, Failure failure);

    /** More may be written again. */
    void onWritable(HttpStream stream);

    /** A batch of reads is over: a good moment to flush what it made one write. */
    void onReadComplete(HttpStream stream);
}
