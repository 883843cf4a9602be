package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.loop.Timer;
import io.netty.buffer.ByteBuf;

/**
 * The rest of an answer that nobody is to see, because its request is sent again: read and dropped as long as it is short, so that its
 * connection can be kept, broken off otherwise. Lives on its own until then, on its loop.
 */
final class DiscardedAnswer implements StreamHandler, Timer.Target {
    private static final long MOST_BYTES = 64 * 1024;
    private static final long MOST_NANOS = 1_000_000_000L;
    private static final Failure NOT_WANTED =
            Failure.proxy(Failure.Kind.CANCELLED, "the request is sent to another server");

    private final HttpStream stream;
    private final LoopContext loop;
    private final Timer timer = new Timer(this);
    private long bytes;

    private DiscardedAnswer(HttpStream stream, LoopContext loop) {
        this.stream = stream;
        this.loop = loop;
    }

    /**
     * Disposes of an answer whose head has just come.
     *
     * @param sent whether the request was sent whole; otherwise nothing can be kept
     * @param ended whether the answer has no body
     */
    static void of(HttpStream stream, ResponseHead head, boolean sent, boolean ended, LoopContext loop) {
        long length = head.bodyLength();
        loop.heads().give(head);
        if (ended) {
            stream.close();
        } else if (!sent || length > MOST_BYTES) {
            stream.reset(NOT_WANTED);
        } else {
            DiscardedAnswer discarded = new DiscardedAnswer(stream, loop);
            stream.handler(discarded);
            loop.timers().arm(discarded.timer, MOST_NANOS);
        }
    }

    private void done() {
        loop.timers().remove(timer);
        stream.close();
    }

    @Override
    public void onHead(HttpStream from, Head head, boolean end) {
        if (head instanceof ResponseHead response) {
            loop.heads().give(response);
        }
        if (end) {
            done();
        }
    }

    @Override
    public void onData(HttpStream from, ByteBuf data, boolean end) {
        bytes += data.readableBytes();
        data.release();
        if (end) {
            done();
        } else if (bytes > MOST_BYTES) {
            loop.timers().remove(timer);
            stream.reset(NOT_WANTED);
        }
    }

    @Override
    public void onMoved(HttpStream from, long moved) {
        throw new IllegalStateException("what is discarded isn't moved");
    }

    @Override
    public void onTrailers(HttpStream from, Headers trailers) {
        done();
    }

    @Override
    public void onReset(HttpStream from, Failure failure) {
        loop.timers().remove(timer);
    }

    @Override
    public void onWritable(HttpStream from) {}

    @Override
    public void onReadComplete(HttpStream from) {}

    @Override
    public void onTimeout(Timer due) {
        stream.reset(NOT_WANTED);
    }
}
