package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.observe.LostAttempts.End;
import io.foregate.proxy.route.RetryPolicy;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.Waiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The upstream side of one exchange until an answer comes that is to go downstream: which endpoint, which stream, and whether
 * another may be tried when that fails.
 *
 * <p>Not counted as tries, and outside the budget, is what no origin has acted on: connections that don't come about; a request on a
 * kept connection that closed in our face, which goes at once to the same endpoint on a new one when it is safe to repeat; and one
 * that the endpoint says it has not processed, which goes there again as well. Everything else is up to the route's {@link
 * RetryPolicy} and the pool's budget. An endpoint isn't asked again while there is another that hasn't been; before it is, the
 * request waits. Owned by its exchange.
 */
final class Attempts implements Waiter, Timer.Target {
    /** How often an endpoint may say that it has not looked at the request, before another one is asked. */
    private static final int MOST_UNPROCESSED = 4;

    private static final int TOO_MANY_REQUESTS = 429;

    private final Exchange exchange;
    private final LoopContext loop;
    private final AccessRecord record;
    private final RequestFlow flow;
    private final Repeats repeats;
    private final Attempt current;
    private final Timer pause = new Timer(this);
    private final Candidates candidates;
    private @Nullable Hedge hedge;
    private @Nullable Pool pool;
    private @Nullable RouteSettings settings;
    private @Nullable Downstream client;
    private boolean kept;
    private boolean cutShort;
    private boolean counted;
    private int sent;
    private int unprocessed;
    private long awaitedNanos;

    Attempts(Exchange exchange, LoopContext loop, AccessRecord record, RequestFlow flow) {
        this.exchange = exchange;
        this.loop = loop;
        this.record = record;
        this.flow = flow;
        this.repeats = new Repeats(loop, record, flow);
        this.candidates = new Candidates(loop);
        this.current = new Attempt(this, loop, record);
    }

    /** Asks an endpoint of {@code from}. The exchange hears through {@code onUpstream} or {@code fail}, maybe before this returns. */
    void start(Pool from, RouteSettings routeSettings, RequestHead head, Downstream downstream, ClientAddress who) {
        pool = from;
        settings = routeSettings;
        client = downstream;
        record.pool = from.nameBytes();
        record.poolTally = from.load().tally();
        record.queuedNanos = loop.clock().nowNanos();
        if (!from.tryBegin()) {
            exchange.fail(Refusals.pool(from));
            return;
        }
        counted = true;
        repeats.begin(routeSettings.retry(), from, head);
        candidates.begin(from, head, who);
        next(null);
    }

    // ---- which endpoint ----

    private void next(@Nullable Failure before) {
        if (candidates.turnToNext(current)) {
            ask();
        } else {
            exchange.fail(candidates.none(before));
        }
    }

    /** Asks the endpoint that the attempt has turned to. */
    private void ask() {
        Endpoint chosen = Objects.requireNonNull(current.endpoint());
        record.endpoint = chosen.nameBytes();
        acquire(chosen, false);
    }

    private void acquire(Endpoint from, boolean fresh) {
        record.attempts++;
        exchange.enter(Phase.QUEUE, from.settings().queueNanos());
        acquire(current, from, fresh);
    }

    private void acquire(Attempt attempt, Endpoint from, boolean fresh) {
        boolean named = from.settings().link().proxyProtocol() != Link.ProxyProtocol.OFF;
        attempt.wants(repeats.upgrades(), named ? Objects.requireNonNull(client) : null);
        attempt.acquire(from, settings().timeouts().connectNanos(), fresh);
    }

    // ---- Waiter ----

    @Override
    public void onConnecting() {
        record.connectStartNanos = loop.clock().nowNanos();
        // The connection attempt has a timer of its own.
        exchange.enter(Phase.CONNECT, Long.MAX_VALUE);
    }

    @Override
    public StreamHandler streamHandler() {
        return exchange.events();
    }

    @Override
    public void onStream(ClientStream stream) {
        try {
            current.answered();
            record.connectedNanos = loop.clock().nowNanos();
            if (stream.reused()) {
                record.connectStartNanos = record.connectedNanos;
            }
            begin(stream);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    private void begin(ClientStream stream) {
        candidates.connected();
        current.sent();
        sent++;
        uses(stream);
        exchange.onUpstream(stream);
    }

    @Override
    public void onNoStream(Failure failure) {
        try {
            current.answered();
            noStream(failure, current);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    void noStream(Failure failure, Attempt attempt) {
        attempt.lost(failure);
        record.failure = failure;
        if (hedgeGoesOn()) {
            return;
        }
        // Where our own limits are the reason, asking the next one is still choosing.
        boolean elsewhere = repeats.policy().on().connect() || failure.source() == Failure.Source.PROXY;
        if (failure.retrySafe() && elsewhere) {
            next(failure);
        } else {
            exchange.fail(failure);
        }
    }

    // ---- an answer, or none ----

    /**
     * The request, or what is to be sent of it before an answer, is on its way.
     *
     * @return how long to wait for the answer now, of {@code firstByteNanos} that there are in all
     */
    long awaitsAnswer(long firstByteNanos) {
        RetryPolicy policy = repeats.policy();
        awaitedNanos = loop.clock().nowNanos();
        if (!policy.hedge().off() && sent == 1) {
            prepareHedge();
        }
        cutShort = policy.tryNanos() < firstByteNanos
                && policy.on().timeout()
                && sent < policy.tries()
                && repeats.method();
        return cutShort ? policy.tryNanos() : firstByteNanos;
    }

    /** The time that {@link #awaitsAnswer} gave is over; false when that was all there is. */
    boolean outOfPatience() {
        if (!cutShort) {
            return false;
        }
        cutShort = false;
        if (exchange.awaitsAnswer() && (hedgeUnderWay() || repeats.oneMore(sent, false) && repeats.affordable())) {
            Failure failure = Failure.origin(Kind.FIRST_BYTE_TIMEOUT, "no answer within the try-timeout");
            exchange.letGo(failure);
            current.failed(failure);
            current.lost(failure);
            record.failure = failure;
            if (!hedgeGoesOn()) {
                again(candidates.pick(), 0);
            }
            return true;
        }
        // Nobody else is asked, so there is no reason to give this one up.
        long firstByte = settings().timeouts().firstByteNanos();
        long rest = firstByte == Long.MAX_VALUE
                ? firstByte
                : firstByte - repeats.policy().tryNanos();
        exchange.enter(Phase.FIRST_BYTE, rest);
        return true;
    }

    /**
     * The final answer's head has come.
     *
     * @return whether it has been disposed of, because another attempt is made
     */
    boolean answered(ClientStream stream, ResponseHead head, boolean end) {
        long now = loop.clock().nowNanos();
        Endpoint endpoint = current.endpoint();
        if (endpoint != null) {
            current.responded();
            endpoint.answered(head.status(), now - record.connectedNanos);
            endpoint.timed(head.status(), now - record.connectedNanos, now);
            endpoint.sample(loop.index(), head.status(), now);
        }
        if (repeats.unwanted(head) && repeatsAfter(stream, head, end)) {
            return true;
        }
        if (awaitedNanos != 0) {
            repeats.answeredIn(now - awaitedNanos);
        }
        if (endpoint != null) {
            candidates.answered(endpoint, repeats.request(), head.headers());
        }
        Hedge second = hedge;
        if (second != null) {
            second.end();
        }
        return false;
    }

    private boolean repeatsAfter(ClientStream stream, ResponseHead head, boolean end) {
        Endpoint other = null;
        long waitNanos = 0;
        if (!hedgeUnderWay()) {
            if (!repeats.oneMore(sent, false)) {
                return false;
            }
            // What a client has too much of, it has too much of everywhere; else one server speaks for itself.
            waitNanos = RetryAfter.nanos(head.headers(), loop.clock());
            other = head.status() == TOO_MANY_REQUESTS && waitNanos > 0 ? null : candidates.pick();
            if (other == null && waitNanos > repeats.policy().backoff().mostRetryAfterNanos()) {
                record.lost.end(End.RETRY_AFTER);
                return false;
            }
            if (!repeats.affordable()) {
                return false;
            }
        }
        boolean whole = flow.ended();
        exchange.letGo(null);
        current.declined(head.status());
        DiscardedAnswer.of(stream, head, whole, end, loop);
        if (!hedgeGoesOn()) {
            again(other, Math.min(waitNanos, repeats.policy().backoff().mostRetryAfterNanos()));
        }
        return true;
    }

    /**
     * The attempt that was under way is lost, and nothing of an answer has gone downstream.
     *
     * @param answerBegan whether the origin had begun to answer
     */
    void lost(Failure failure, boolean answerBegan) {
        boolean untouched = flow.untouched();
        boolean safe = failure.retrySafe();
        boolean mayRepeat = !answerBegan && flow.repeatable() && (repeats.method() || untouched || safe);
        flow.lost();
        Endpoint endpoint = current.endpoint();
        if (mayRepeat && safe && endpoint != null && unprocessed < MOST_UNPROCESSED) {
            // A full or closing connection; another one is there, or can be opened.
            unprocessed++;
            repeatUncounted(endpoint, false);
            return;
        }
        boolean gone = failure.kind() == Kind.CLOSED_EARLY || failure.kind() == Kind.RESET;
        if (mayRepeat && kept && gone && endpoint != null) {
            // The connection's death says nothing about the endpoint: it was closed while it lay idle.
            repeatUncounted(endpoint, true);
            return;
        }
        current.failed(failure);
        current.lost(failure);
        record.failure = failure;
        if (hedgeGoesOn()) {
            return;
        }
        boolean asked =
                safe ? repeats.policy().on().connect() : repeats.policy().on().reset();
        if (!answerBegan && asked && repeats.oneMore(sent, safe) && repeats.affordable()) {
            again(candidates.pick(), 0);
        } else {
            exchange.fail(failure);
        }
    }

    private void repeatUncounted(Endpoint endpoint, boolean fresh) {
        kept = false;
        record.attempts--;
        sent--;
        acquire(endpoint, fresh);
    }

    // ---- another try ----

    /** Tries another endpoint at once, or, when there is none, one that has been asked, after a pause. */
    private void again(@Nullable Endpoint other, long leastNanos) {
        if (candidates.turn(current, other)) {
            ask();
            return;
        }
        exchange.enter(Phase.QUEUE, Long.MAX_VALUE);
        loop.pauses().arm(pause, leastNanos + repeats.pauseNanos());
    }

    @Override
    public void onTimeout(Timer due) {
        try {
            loop.clock().refresh();
            afterPause();
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    private void afterPause() {
        if (candidates.turnToAny(current)) {
            ask();
        } else {
            exchange.fail(candidates.none(record.failure));
        }
    }

    // ---- the second request beside the first ----

    private void prepareHedge() {
        long nanos = repeats.hedgeNanos();
        if (nanos == Long.MAX_VALUE) {
            return;
        }
        Hedge second = hedge;
        if (second == null) {
            second = new Hedge(this, exchange, loop, record);
            hedge = second;
        }
        second.in(nanos);
    }

    /** It is time for a second request, if the first still waits for its answer. */
    void hedge(Hedge second) {
        if (pool == null || !exchange.awaitsAnswer() || !flow.repeatable()) {
            return;
        }
        Endpoint other = candidates.pick();
        if (other == null || !repeats.affordable() || !candidates.turn(second.attempt(), other)) {
            return;
        }
        record.hedged = true;
        record.attempts++;
        acquire(second.attempt(), other, false);
    }

    private boolean hedgeUnderWay() {
        Hedge second = hedge;
        return second != null && second.underWay();
    }

    /** The first request is lost: the second takes its place, if there is one. */
    private boolean hedgeGoesOn() {
        Hedge second = hedge;
        if (second == null) {
            return false;
        }
        second.disarm();
        if (!second.underWay()) {
            return false;
        }
        ClientStream stream = second.goOnAlone();
        if (stream != null) {
            goOnWith(stream, false);
        } else {
            Endpoint endpoint = Objects.requireNonNull(second.attempt().endpoint());
            exchange.enter(Phase.QUEUE, endpoint.settings().queueNanos());
        }
        return true;
    }

    /** From here on the second request's stream is the exchange's; on an {@code unsent} one the request is still to be sent. */
    void goOnWith(ClientStream stream, boolean unsent) {
        takeOver(stream);
        if (unsent) {
            stream.handler(exchange.events());
            begin(stream);
        } else {
            exchange.adopt(stream);
            exchange.enter(Phase.FIRST_BYTE, awaitsAnswer(settings().timeouts().firstByteNanos()));
            awaitedNanos = record.connectedNanos;
        }
    }

    private void takeOver(ClientStream stream) {
        Hedge second = Objects.requireNonNull(hedge);
        current.takeOver(second.attempt());
        Endpoint endpoint = Objects.requireNonNull(current.endpoint());
        record.endpoint = endpoint.nameBytes();
        record.connectStartNanos = second.connectStartNanos();
        record.connectedNanos = second.connectedNanos();
        uses(stream);
    }

    private void uses(ClientStream stream) {
        kept = stream.mayBeStale();
        record.reusedConnection = stream.reused();
    }

    /** The second request's answer came first. */
    void hedgeWon(ClientStream stream, ResponseHead head, boolean end) {
        takeOver(stream);
        exchange.adopt(stream);
        exchange.onResponse(head, end);
    }

    // ---- the end ----

    /** The exchange doesn't wait for an endpoint any more, or has done with the one it had. */
    void end() {
        if (pool == null) {
            return;
        }
        current.blame(record.failure, settings());
        current.end();
        Hedge second = hedge;
        if (second != null) {
            second.end();
        }
        if (counted) {
            counted = false;
            pool().ends();
        }
        repeats.end();
        candidates.end();
        loop.pauses().disarm(pause);
        pool = null;
        settings = null;
        client = null;
        kept = false;
        cutShort = false;
        sent = 0;
        unprocessed = 0;
        awaitedNanos = 0;
    }

    /** What may be sent again of the request. */
    Repeats repeats() {
        return repeats;
    }

    private Pool pool() {
        return Objects.requireNonNull(pool);
    }

    private RouteSettings settings() {
        return Objects.requireNonNull(settings);
    }

    /** Sends the request to a second endpoint as well. */
    void sendCopy(ClientStream to, Attempt attempt) {
        attempt.nameHost(repeats.request().headers(), pool().namesEndpoint());
        flow.sendCopy(to, repeats.request());
        to.flush();
    }

    /** Gives the request the endpoint's name as its Host, where the pool wants that or the client sent none. */
    void nameHost(Headers headers) {
        current.nameHost(headers, pool().namesEndpoint());
    }
}
