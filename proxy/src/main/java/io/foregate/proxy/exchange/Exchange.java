package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.worker.Snapshot;
import io.foregate.proxy.worker.Worker;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: two streams and a decision. The methods of a request's life stand in the order in which they
 * happen, each ending in the next; events of either stream come in between.
 *
 * <p>Owned by one event loop, reused for request after request; between {@link #begin} and {@code finish()} it pins one snapshot
 * and sees no other.
 */
public final class Exchange {
    private static final Failure OUTRUN = Failure.proxy(Kind.CANCELLED, "another server answered first");

    private final Worker worker;
    private final LoopContext loop;
    private final ExchangePool home;
    private final AccessRecord record = new AccessRecord();
    private final ClientAddress client = new ClientAddress();
    private final RequestFlow requestFlow = new RequestFlow();
    private final ClientPace pace;
    private final ExchangeEvents events = new ExchangeEvents(this, record);
    private final Deadlines deadlines;
    private final Sides sides;
    private final Routing routing;
    private final FilterChain filters;
    private final Reply reply;
    private final Attempts attempts;
    private final InjectedFaults faults;
    private final Dispatch dispatch;
    private @Nullable Downstream downstream;
    private @Nullable HttpStream below;
    private @Nullable ClientStream above;
    private boolean belowReading;

    Exchange(Worker worker, ExchangePool home) {
        this.worker = worker;
        this.loop = worker.loop();
        this.home = home;
        this.sides = new Sides(worker, record, client);
        this.deadlines = events.deadlines(loop);
        this.pace = new ClientPace(loop, record, deadlines);
        this.routing = new Routing(worker, record, client, deadlines);
        this.filters = new FilterChain(this, loop, record, client, requestFlow);
        this.reply = new Reply(record, loop.heads(), filters);
        this.attempts = new Attempts(this, loop, record, requestFlow);
        this.faults = new InjectedFaults(this, loop, record, reply, requestFlow);
        this.dispatch = new Dispatch(this, loop, client, requestFlow, attempts);
    }

    // ---- 1. a client's stream opens ----

    void begin(Downstream from, HttpStream stream) {
        downstream = from;
        below = stream;
        record.startNanos = loop.clock().nowNanos();
        record.startEpochMillis = loop.clock().epochMillis(record.startNanos);
        sides.begin(from.listenerSlot());
        client.copyFrom(from.peer());
        record.clientAddress = client.text();
    }

    ExchangeEvents events() {
        return events;
    }

    /** The codec refused the head: answer and be done. */
    void refuse(RequestHead head, Failure failure) {
        record.request = head;
        RequestIdentity.makeId(record, worker.requestIds());
        reply.begin(head);
        fail(failure);
    }

    // ---- 2. its head has come ----

    void onRequest(RequestHead head, boolean end) {
        belowReading = true;
        Downstream from = downstream();
        sides.choose(from, head);
        record.request = head;
        reply.begin(head);
        record.targetStart = head.targetStart();
        record.targetLength = head.targetLength();
        requestFlow.begin(below(), end);
        RequestIdentity.settle(head, from, sides.plan().trustedProxies(), record, client);
        route(head);
    }

    // ---- 3. which route ----

    private void route(RequestHead head) {
        deadlines.enter(Phase.ROUTE);
        Failure refused = RequestIdentity.refusal(head, worker);
        if (refused != null) {
            fail(refused);
            return;
        }
        if (head.form() == RequestHead.TargetForm.ASTERISK || RequestIdentity.isLastHop(head)) {
            answer(RequestIdentity.OPTIONS_ANSWER);
            return;
        }
        Failure unroutable = routing.find(head, sides.plan().routes(), downstream());
        if (unroutable != null) {
            fail(unroutable);
            return;
        }
        deadlines.enter(Phase.FILTER);
        filters.run(Objects.requireNonNull(routing.route()));
    }

    /** From now on these settings hold. */
    void under(RouteSettings chosen) {
        routing.under(chosen, request());
    }

    // ---- 4. request filters: see FilterChain ----

    // ---- 5. who answers ----

    /** The filters have let the request pass. */
    void act(Route chosen) {
        if (!faults.strike(chosen, dispatch)) {
            dispatch.act(chosen);
        }
    }

    // ---- 6. an endpoint is chosen: see Attempts ----

    /** Enters a phase that may last {@code limitNanos}. */
    void enter(Phase next, long limitNanos) {
        deadlines.enter(next, limitNanos);
    }

    /** Whether the request was sent and nothing of an answer has come. */
    boolean awaitsAnswer() {
        ClientStream upstream = above;
        return upstream != null && deadlines.in(Phase.FIRST_BYTE) && !upstream.responseStarted();
    }

    /** Has no upstream stream any more. What there was is reset if there is a failure, and the caller's otherwise. */
    void letGo(@Nullable Failure failure) {
        ClientStream upstream = above;
        above = null;
        requestFlow.lost();
        if (upstream != null && failure != null) {
            upstream.reset(failure);
        }
    }

    /** Another stream, on which the whole request was sent, takes the place of the present one. */
    void adopt(ClientStream other) {
        letGo(OUTRUN);
        above = other;
        other.handler(events);
        requestFlow.goOnTo(other);
        reply.comesFrom(other, below());
    }

    // ---- 7. the request goes upstream ----

    void onUpstream(ClientStream upstream) {
        above = upstream;
        RequestHead head = request();
        attempts.nameHost(head.headers());
        deadlines.enter(Phase.SEND);
        requestFlow.sendTo(upstream, head);
        reply.comesFrom(upstream, below());
        pace.begin(sides.plan().minRate(), routing.timeouts(), head, downstream());
        if (!belowReading) {
            upstream.flush();
        }
        armForRequest();
    }

    void onRequestData(ByteBuf data, boolean end) {
        belowReading = true;
        record.requestBodyBytes += data.readableBytes();
        Failure tooLarge = deadlines.in(Phase.TUNNEL) ? null : routing.refusesBody(record.requestBodyBytes);
        if (tooLarge != null) {
            data.release();
            fail(tooLarge);
            return;
        }
        requestFlow.data(data, end);
        armForRequest();
        if (deadlines.in(Phase.TUNNEL) && end && reply.ended()) {
            finish();
        }
    }

    void onRequestTrailers(Headers trailers) {
        requestFlow.trailers(trailers);
        armForRequest();
    }

    // ---- 8. the answer's head has come ----

    void onResponse(ResponseHead head, boolean end) {
        if (head.interim()) {
            if (!reply.interim(below(), request(), head)) {
                fail(Failure.origin(Kind.RESPONSE_MALFORMED, "the origin sends interim answers without end"));
            }
            return;
        }
        if (attempts.answered(Objects.requireNonNull(above), head, end)) {
            return;
        }
        record.firstByteNanos = loop.clock().nowNanos();
        record.upstreamStatus = head.status();
        requestFlow.answered();
        deadlines.enter(Phase.TRANSFER);
        if (head.status() == 101) {
            deadlines.enter(Phase.TUNNEL);
            deadlines.noTotal();
            requestFlow.becomesTunnel();
            sides.letGo();
        }
        // The attempt that failed before this one is history: the client gets a whole answer.
        record.failure = null;
        reply.head(below(), routing.route(), head, end);
        if (reply.streamsCall()) {
            pace.unhurried();
        }
        if (end) {
            responseEnded();
        } else {
            armForResponse();
        }
    }

    // ---- 9. the answer's body ----

    void onResponseData(ByteBuf data, boolean end) {
        reply.data(data, end);
        if (end) {
            responseEnded();
        } else {
            if (deadlines.in(Phase.TRANSFER)) {
                reply.move();
            }
            armForResponse();
        }
    }

    void onMoved(long bytes) {
        reply.moved(bytes);
        armForResponse();
    }

    void onResponseTrailers(Headers trailers) {
        reply.trailers(below(), trailers);
        responseEnded();
    }

    private void responseEnded() {
        reply.end();
        if (!deadlines.in(Phase.TUNNEL) || requestFlow.ended()) {
            finish();
        } else {
            below().flush();
        }
    }

    /** An answer of our own. */
    void answer(Verdict.Respond answer) {
        reply.answer(below(), routing.route(), answer);
        finish();
    }

    // ---- when something fails ----

    /** Our own code is at fault: whatever is left of the exchange ends now. The route's filters may be the cause, so they are out. */
    void crash(Throwable cause) {
        ExchangeEvents.log(record, cause);
        if (!sides.pinned()) {
            return;
        }
        routing.forget();
        try {
            fail(Failure.proxy(Kind.INTERNAL, cause.toString()));
        } catch (RuntimeException | OutOfMemoryError again) {
            HttpStream stream = below;
            below = null;
            finish();
            if (stream != null) {
                stream.reset(Failure.proxy(Kind.INTERNAL, again.toString()));
            }
        }
    }

    /** Ends the exchange: with the failure's answer where none has begun; where one has, by breaking it off, or a call of gRPC with its status. */
    void fail(Failure failure) {
        record.failure = failure;
        record.phase = deadlines.phase();
        ClientStream upstream = above;
        above = null;
        if (upstream != null) {
            upstream.reset(failure);
        }
        HttpStream stream = below;
        if (stream != null && !reply.failure(stream, routing.route(), failure)) {
            below = null;
            stream.reset(failure);
        }
        finish();
    }

    void onReset(HttpStream stream, Failure failure) {
        if (stream == below) {
            boolean answerable = failure.kind() == Kind.REQUEST_BODY_MALFORMED;
            if (!answerable) {
                below = null;
            }
            fail(failure);
        } else if (stream == above) {
            boolean answerBegan = Objects.requireNonNull(above).responseStarted();
            above = null;
            if (reply.started()) {
                fail(failure);
            } else {
                attempts.lost(failure, answerBegan);
            }
        }
    }

    void onTimeout() {
        loop.clock().refresh();
        if (deadlines.totalExceeded()) {
            fail(Failure.origin(
                    Kind.TOTAL_TIMEOUT,
                    "the exchange took longer than its total timeout, or its client's deadline, allows"));
            return;
        }
        if (deadlines.in(Phase.FIRST_BYTE) && attempts.outOfPatience()) {
            return;
        }
        ClientStream upstream = above;
        boolean clientStalled =
                reply.waitsForClient() || !below().writable() || (upstream != null && upstream.waitsForSink());
        boolean originStalled = requestFlow.stopped() || (upstream != null && !upstream.writable());
        Failure failure = pace.due(below(), clientStalled, originStalled);
        if (failure != null) {
            fail(failure);
        }
    }

    // ---- 10. the end ----

    private void finish() {
        if (!sides.pinned()) {
            // Over already.
            return;
        }
        record.endNanos = loop.clock().nowNanos();
        if (record.failure == null) {
            record.phase = Phase.DONE;
        }
        worker.record(record);
        attempts.end();
        faults.clear();
        deadlines.clear();
        HttpStream downstreamStream = below;
        ClientStream upstreamStream = above;
        RequestHead head = record.request;
        requestFlow.clear();
        reply.clear();
        routing.clear();
        filters.clear();
        pace.clear();
        record.clear();
        downstream = null;
        below = null;
        above = null;
        belowReading = false;
        if (head != null) {
            loop.heads().give(head);
        }
        sides.end();
        if (!filters.lent()) {
            home.give(this);
        }
        // From here on this object may serve another exchange: closing a stream can begin the next request on it.
        if (upstreamStream != null) {
            upstreamStream.close();
        }
        if (downstreamStream != null) {
            downstreamStream.flush();
            downstreamStream.close();
        }
    }

    // ---- either stream can take more, or has been read for now ----

    void onDownstreamWritable() {
        reply.resume();
    }

    void onUpstreamWritable() {
        requestFlow.resume();
        pace.excuse();
    }

    void onRequestReadComplete() {
        belowReading = false;
        ClientStream upstream = above;
        if (upstream != null) {
            upstream.flush();
        }
    }

    void onResponseReadComplete() {
        if (reply.moving()) {
            armForResponse();
        }
        below().flush();
    }

    // ---- timeouts of the phases ----

    private void armForRequest() {
        ClientStream upstream = above;
        if (upstream == null || reply.started()) {
            // The answer may have begun while the request still flows: either direction's progress counts.
            if (deadlines.in(Phase.TUNNEL) || (upstream != null && deadlines.in(Phase.TRANSFER))) {
                armForResponse();
            }
            return;
        }
        if (requestFlow.ended() || request().expectContinue() && record.requestBodyBytes == 0) {
            enter(Phase.FIRST_BYTE, attempts.awaitsAnswer(routing.timeouts().firstByteNanos()));
        } else {
            pace.awaitUpload();
        }
    }

    private void armForResponse() {
        pace.awaitDownload(reply.moving() || reply.waitsForClient());
    }

    // ---- what it is about ----

    RequestHead request() {
        return Objects.requireNonNull(record.request);
    }

    /** What its request's filters know of it. */
    FilterContext filterContext() {
        return filters;
    }

    /** Whether it has begun and not ended. */
    boolean underWay() {
        return sides.pinned();
    }

    Snapshot snapshot() {
        return sides.snapshot();
    }

    Downstream downstream() {
        return Objects.requireNonNull(downstream);
    }

    /** Whether {@code stream} is the client's. */
    boolean isBelow(HttpStream stream) {
        return stream == below;
    }

    /** Whether {@code stream} is the one to the endpoint: not one that was let go. */
    boolean isAbove(HttpStream stream) {
        return stream == above;
    }

    private HttpStream below() {
        return Objects.requireNonNull(below);
    }
}
