package io.foregate.proxy.codec;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The {@link Splice}s of a loop: those that rest, and how many there are. Used on its loop, which closes them with itself. */
public final class Splices {
    /** Each is two descriptors and the pages of a pipe. More bodies at a time are copied. */
    private static final int MOST = 512;

    private static final int MOST_RESTING = 16;

    private final EventLoop loop;
    private final ArrayDeque<Splice> resting = new ArrayDeque<>();
    private int count;
    private boolean closed;

    public Splices(EventLoop loop) {
        this.loop = loop;
    }

    /** One for a move, or null when there can't be another. */
    @Nullable
    Splice take() {
        Splice splice = resting.pollLast();
        return splice != null || count == MOST ? splice : make();
    }

    private @Nullable Splice make() {
        // The system call is in the library of the other transport.
        if (!(loop instanceof IoEventLoop polling) || !Epoll.isAvailable()) {
            return null;
        }
        try {
            Splice splice = new Splice(this);
            // On the loop itself this is done at once.
            Future<IoRegistration> registered = polling.register(splice);
            splice.registered(registered.getNow());
            count++;
            return splice;
        } catch (IOException e) {
            return null;
        }
    }

    void give(Splice splice) {
        if (resting.size() < MOST_RESTING && !closed) {
            resting.addLast(splice);
        } else {
            lost();
            splice.close();
        }
    }

    void lost() {
        count--;
    }

    /** The loop is about to end: those that rest go now, others when their move is over. */
    public void close() {
        closed = true;
        for (Splice splice = resting.pollLast(); splice != null; splice = resting.pollLast()) {
            lost();
            splice.close();
        }
    }
}
