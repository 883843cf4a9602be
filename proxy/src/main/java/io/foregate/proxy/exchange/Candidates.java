package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.balance.Tried;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Pool;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which endpoints one exchange has turned to, and who is next: nobody twice, as long as there is another. Owned by its exchange. */
final class Candidates {
    private final LoopContext loop;
    private final Picking picking = new Picking();
    private final Tried tried = picking.tried();
    private @Nullable Pool pool;
    private @Nullable Endpoint last;
    private boolean lastResort;

    Candidates(LoopContext loop) {
        this.loop = loop;
    }

    void begin(Pool from, RequestHead head, ClientAddress who) {
        pool = from;
        from.read(head, who, picking);
    }

    private Pool pool() {
        return Objects.requireNonNull(pool);
    }

    /** One that hasn't been asked and isn't resting; null when there is none. */
    @Nullable
    Endpoint pick() {
        return pool().pick(loop.index(), picking, loop.clock().nowNanos());
    }

    /** Has an attempt turn to an endpoint; false when there is none, or it has as much to do as it may have. */
    boolean turn(Attempt attempt, @Nullable Endpoint to) {
        if (to == null || !tried.add(to) || !attempt.tryAt(to)) {
            return false;
        }
        last = to;
        return true;
    }

    /** Has an attempt turn to whoever is next, one that rests if there is nobody else; false when all have been asked. */
    boolean turnToNext(Attempt attempt) {
        Endpoint chosen;
        do {
            chosen = pick();
            if (chosen == null) {
                chosen = pool().lastResort(loop.index(), picking);
                lastResort |= chosen != null;
            }
            if (chosen == null || !tried.add(chosen)) {
                return false;
            }
            // Another loop may have taken its last place in this moment.
        } while (!attempt.tryAt(chosen));
        last = chosen;
        return true;
    }

    /** All have been asked: has an attempt turn to one of them, and not to the last one if there is another. */
    boolean turnToAny(Attempt attempt) {
        tried.clear();
        Endpoint before = last;
        if (before != null) {
            tried.add(before);
        }
        if (turn(attempt, pick())) {
            return true;
        }
        tried.clear();
        return turnToNext(attempt);
    }

    /** What to say when there is nobody; {@code before} is how the last one failed. */
    Failure none(@Nullable Failure before) {
        // That those who rest refuse is no news.
        return before == null || lastResort ? Refusals.none(pool(), tried) : before;
    }

    /** An endpoint took a request: this is news again. */
    void connected() {
        lastResort = false;
    }

    /** An endpoint has answered; the client may have to be told. */
    void answered(Endpoint endpoint, RequestHead request, Headers answer) {
        pool().tell(endpoint, picking, request, answer);
    }

    void end() {
        picking.clear();
        pool = null;
        last = null;
        lastResort = false;
    }
}
