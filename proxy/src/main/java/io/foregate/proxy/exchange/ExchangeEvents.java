package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.observe.AccessRecord;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an exchange hears from its streams and its timer, told apart by which of the two streams it is, each with a guard: a mistake in
 * our own code ends this exchange with a 500 and a line in the log, and harms no other. Owned by its exchange.
 */
final class ExchangeEvents implements StreamHandler, Timer.Target {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeEvents.class);

    private final Exchange exchange;
    private final AccessRecord record;
    private @Nullable Deadlines deadlines;

    ExchangeEvents(Exchange exchange, AccessRecord record) {
        this.exchange = exchange;
        this.record = record;
    }

    /** Makes the timer of the exchange, which is heard here. Once. */
    Deadlines deadlines(LoopContext loop) {
        Deadlines made = new Deadlines(this, loop.timers(), loop.clock());
        deadlines = made;
        return made;
    }

    /**
     * Shows the record as if the exchange ended now, with the phase that it is in; nothing when none is under way. On its loop; the
     * record is only lent.
     */
    void show(long nowNanos, UnderWay.Look look) {
        if (record.startNanos == 0 || deadlines == null) {
            return;
        }
        // What an attempt before the present one failed with isn't how this ends.
        Failure before = record.failure;
        record.failure = null;
        record.phase = deadlines.phase();
        record.endNanos = nowNanos;
        try {
            look.at(record);
        } finally {
            record.failure = before;
            record.phase = AccessRecord.Phase.READ_HEAD;
            record.endNanos = 0;
        }
    }

    /** Says that the exchange of {@code record} is ended by a mistake. */
    static void log(AccessRecord record, Throwable cause) {
        LOG.error(
                "request {} failed within the proxy",
                Octets.string(record.requestId, 0, record.requestIdLength),
                cause);
    }

    @Override
    public void onHead(HttpStream stream, Head head, boolean end) {
        try {
            if (exchange.isBelow(stream)) {
                exchange.onRequest((RequestHead) head, end);
            } else if (exchange.isAbove(stream)) {
                exchange.onResponse((ResponseHead) head, end);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onData(HttpStream stream, ByteBuf data, boolean end) {
        try {
            if (exchange.isBelow(stream)) {
                exchange.onRequestData(data, end);
            } else if (exchange.isAbove(stream)) {
                exchange.onResponseData(data, end);
            } else {
                data.release();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onMoved(HttpStream stream, long bytes) {
        try {
            if (exchange.isAbove(stream)) {
                exchange.onMoved(bytes);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onTrailers(HttpStream stream, Headers trailers) {
        try {
            if (exchange.isBelow(stream)) {
                exchange.onRequestTrailers(trailers);
            } else if (exchange.isAbove(stream)) {
                exchange.onResponseTrailers(trailers);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onReset(HttpStream stream, Failure failure) {
        try {
            exchange.onReset(stream, failure);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onWritable(HttpStream stream) {
        try {
            if (exchange.isBelow(stream)) {
                exchange.onDownstreamWritable();
            } else if (exchange.isAbove(stream)) {
                exchange.onUpstreamWritable();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onReadComplete(HttpStream stream) {
        try {
            if (exchange.isBelow(stream)) {
                exchange.onRequestReadComplete();
            } else if (exchange.isAbove(stream)) {
                exchange.onResponseReadComplete();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onTimeout(Timer timer) {
        try {
            exchange.onTimeout();
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }
}
