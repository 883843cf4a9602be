package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.Head;
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
import io.foregate.proxy.route.VirtualHost;
import io.foregate.proxy.upstream.Timeouts;
import io.foregate.proxy.worker.ListenerPlan;
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
public final class Exchange implements FilterContext {
    private static final Failure OUTRUN = Failure.proxy(Kind.CANCELLED, "another server answered first");

    private final Worker worker;
    private final LoopContext loop;
    private final ExchangePool home;
    private final AccessRecord record = new AccessRecord();
    private final ClientAddress client = new ClientAddress();
    private final RequestFlow requestFlow = new RequestFlow();
    private final Relay responseRelay = new Relay();
    private final ClientPace pace;
    private final ExchangeEvents events = new ExchangeEvents(this, record);
    private final Deadlines deadlines;
    private final Sides sides;
    private final Reply reply;
    private final Attempts attempts;
    private final InjectedFaults faults;
    private final Dispatch dispatch;
    private @Nullable Downstream downstream;
    private @Nullable HttpStream below;
    private @Nullable ClientStream above;
    private @Nullable Snapshot snapshot;
    private @Nullable ListenerPlan plan;
    private @Nullable RequestHead request;
    private @Nullable Route route;
    private @Nullable RouteSettings settings;
    private boolean usedOnce;
    private int filterAt;
    private boolean filterPaused;
    private boolean belowReading;
    private boolean moving;
    private boolean responseEnded;

    Exchange(Worker worker, ExchangePool home) {
        this.worker = worker;
        this.loop = worker.loop();
        this.home = home;
        this.sides = new Sides(worker, record, client);
        this.deadlines = events.deadlines(loop);
        this.pace = new ClientPace(loop, record, deadlines);
        this.reply = new Reply(record, loop.heads(), this);
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
        Snapshot current = sides.begin(from.listenerSlot());
        snapshot = current;
        plan = current.plan(from.listenerSlot());
        record.listener = plan.nameBytes();
        client.copyFrom(from.peer());
        record.clientAddress = client.text();
    }

    ExchangeEvents events() {
        return events;
    }

    /** The codec refused the head: answer and be done. */
    void refuse(RequestHead head, Failure failure) {
        request = head;
        record.request = head;
        worker.requestIds().next(record.requestId);
        record.requestIdLength = 32;
        reply.begin(head);
        fail(failure);
    }

    // ---- 2. its head has come ----

    private void onRequest(RequestHead head, boolean end) {
        Downstream from = downstream();
        if (sides.open()) {
            snapshot = sides.choose(snapshot(), from, head);
            plan = snapshot.plan(from.listenerSlot());
        }
        ListenerPlan current = Objects.requireNonNull(plan);
        request = head;
        record.request = head;
        reply.begin(head);
        record.targetStart = head.targetStart();
        record.targetLength = head.targetLength();
        requestFlow.begin(below(), end);
        Headers headers = head.headers();
        RequestIdentity.takeId(headers, record, worker.requestIds());
        boolean trusted = Forwarding.identify(headers, from.peer(), current.trustedProxies(), client);
        head.secure(trusted ? Forwarding.claimsSecure(headers, from.secure()) : from.secure());
        record.clientAddress = client.text();
        route(head, current);
    }

    // ---- 3. which route ----

    private void route(RequestHead head, ListenerPlan current) {
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
        VirtualHost host = current.routes().host(head);
        Failure misdirected = host == null ? null : SiteAccess.enter(head, host, downstream());
        if (misdirected != null) {
            fail(misdirected);
            return;
        }
        worker.sampler().take(head, client, record);
        Route found = host == null ? null : host.match(head, client);
        if (found == null) {
            fail(Failure.client(host == null ? Kind.NO_SUCH_SITE : Kind.NO_SUCH_ROUTE, null));
            return;
        }
        route = found;
        RouteSettings chosen = found.settings();
        record.site = found.siteBytes();
        record.route = found.patternBytes();
        record.routeTally = found.tally();
        under(chosen);
        if (head.bodyLength() > chosen.maxBodyBytes()) {
            fail(Failure.client(Kind.BODY_TOO_LARGE, "declared as " + head.bodyLength() + " bytes"));
            return;
        }
        Forwarding.tell(head, downstream(), chosen.forwarded());
        if (chosen.via() && !Forwarding.via(head)) {
            fail(Failure.client(Kind.LOOP, "Via names this proxy too often"));
            return;
        }
        filter(head, found);
    }

    /** From now on these settings hold. */
    void under(RouteSettings chosen) {
        settings = chosen;
        deadlines.total(
                record.startNanos, Grpc.limitNanos(request(), chosen.timeouts().totalNanos()));
    }

    // ---- 4. request filters ----

    private void filter(RequestHead head, Route through) {
        deadlines.enter(Phase.FILTER);
        while (filterAt < through.filterCount()) {
            Verdict verdict = through.filter(filterAt++).onRequest(head, this);
            switch (verdict) {
                case Verdict.Continue go -> {}
                case Verdict.Pause wait -> {
                    filterPaused = true;
                    usedOnce = true;
                    requestFlow.holdBack();
                    deadlines.arm(through.settings().timeouts().firstByteNanos());
                    return;
                }
                case Verdict.Respond respond -> {
                    answer(respond);
                    return;
                }
            }
        }
        act(through);
    }

    @Override
    public void resume(Verdict verdict) {
        try {
            goOn(verdict);
        } catch (RuntimeException | OutOfMemoryError e) {
            crash(e);
        }
    }

    private void goOn(Verdict verdict) {
        if (!filterPaused) {
            throw new IllegalStateException(
                    "resume() without a pause: a filter may resume once for each Verdict.PAUSE");
        }
        filterPaused = false;
        loop.clock().refresh();
        switch (verdict) {
            case Verdict.Continue go -> filter(request(), Objects.requireNonNull(route));
            case Verdict.Pause wait -> {
                filterPaused = true;
                deadlines.arm(Objects.requireNonNull(settings).timeouts().firstByteNanos());
            }
            case Verdict.Respond respond -> answer(respond);
        }
    }

    // ---- 5. who answers ----

    private void act(Route chosen) {
        if (!faults.strike(chosen, dispatch)) {
            dispatch.act(chosen);
        }
    }

    // ---- 6. an endpoint is chosen: see Attempts ----

    /** Enters a phase that may last {@code limitNanos}. */
    void enter(Phase next, long limitNanos) {
        deadlines.enter(next, limitNanos);
    }

    /** Whether the request was sent and has no answer yet. */
    boolean awaitsAnswer() {
        return above != null && deadlines.in(Phase.FIRST_BYTE);
    }

    /** Whether anything of an answer has come. */
    boolean answerBegan() {
        ClientStream upstream = above;
        return upstream != null && upstream.responseStarted();
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
        responseRelay.begin(other, below());
    }

    Snapshot snapshot() {
        return Objects.requireNonNull(snapshot);
    }

    Downstream downstream() {
        return Objects.requireNonNull(downstream);
    }

    // ---- 7. the request goes upstream ----

    void onUpstream(ClientStream upstream) {
        above = upstream;
        RequestHead head = request();
        attempts.nameHost(head.headers());
        deadlines.enter(Phase.SEND);
        requestFlow.sendTo(upstream, head);
        responseRelay.begin(upstream, below());
        pace.begin(Objects.requireNonNull(plan).minRate(), head, downstream());
        if (!belowReading) {
            upstream.flush();
        }
        armForRequest();
    }

    private void onRequestData(ByteBuf data, boolean end) {
        record.requestBodyBytes += data.readableBytes();
        RouteSettings limits = settings;
        if (limits != null && record.requestBodyBytes > limits.maxBodyBytes() && !deadlines.in(Phase.TUNNEL)) {
            data.release();
            fail(Failure.client(Kind.BODY_TOO_LARGE, "more than " + limits.maxBodyBytes() + " bytes came"));
            return;
        }
        requestFlow.data(data, end);
        armForRequest();
        if (deadlines.in(Phase.TUNNEL) && end && responseEnded) {
            finish();
        }
    }

    private void onRequestTrailers(Headers trailers) {
        requestFlow.trailers(trailers);
        armForRequest();
    }

    // ---- 8. the answer's head has come ----

    private void onResponse(ClientStream upstream, ResponseHead head, boolean end) {
        if (head.interim()) {
            if (!reply.interim(below(), request(), head)) {
                fail(Failure.origin(Kind.RESPONSE_MALFORMED, "the origin sends interim answers without end"));
            }
            return;
        }
        if (attempts.answered(upstream, head, end)) {
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
            snapshot = Objects.requireNonNull(snapshot).letGo(loop.index());
            plan = null;
        }
        // The attempt that failed before this one is history: the client gets a whole answer.
        record.failure = null;
        reply.head(below(), route, head, end);
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

    private void onResponseData(ByteBuf data, boolean end) {
        record.responseBodyBytes += data.readableBytes();
        responseRelay.data(data, end);
        if (end) {
            responseEnded();
        } else {
            ClientStream upstream = above;
            if (upstream != null && !responseRelay.paused() && deadlines.in(Phase.TRANSFER)) {
                moving = upstream.moveTo(below());
            }
            armForResponse();
        }
    }

    private void responseEnded() {
        responseEnded = true;
        if (!deadlines.in(Phase.TUNNEL) || requestFlow.ended()) {
            finish();
        } else {
            below().flush();
        }
    }

    /** An answer of our own. */
    void answer(Verdict.Respond answer) {
        reply.answer(below(), route, answer);
        finish();
    }

    // ---- when something fails ----

    /** Our own code is at fault: whatever is left of the exchange ends now. The route's filters may be the cause, so they are out. */
    void crash(Throwable cause) {
        ExchangeEvents.log(record, cause);
        if (snapshot == null) {
            return;
        }
        route = null;
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
        if (stream != null && !reply.failure(stream, route, failure)) {
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
                responseRelay.paused() || !below().writable() || (upstream != null && upstream.waitsForSink());
        boolean originStalled = requestFlow.stopped() || (upstream != null && !upstream.writable());
        Failure failure = pace.due(below(), clientStalled, originStalled);
        if (failure != null) {
            fail(failure);
        }
    }

    // ---- 10. the end ----

    private void finish() {
        Snapshot pinned = snapshot;
        if (pinned == null) {
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
        RequestHead head = request;
        requestFlow.clear();
        responseRelay.clear();
        pace.clear();
        record.clear();
        clear();
        if (head != null) {
            loop.heads().give(head);
        }
        pinned.unpin(loop.index());
        if (!usedOnce) {
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

    private void clear() {
        downstream = null;
        below = null;
        above = null;
        snapshot = null;
        plan = null;
        request = null;
        route = null;
        settings = null;
        filterAt = 0;
        filterPaused = false;
        belowReading = false;
        moving = false;
        reply.clear();
        responseEnded = false;
    }

    // ---- events of the two streams ----

    void onHead(HttpStream stream, Head head, boolean end) {
        if (stream == below) {
            belowReading = true;
            onRequest((RequestHead) head, end);
        } else if (stream == above && above != null) {
            onResponse(above, (ResponseHead) head, end);
        }
    }

    void onData(HttpStream stream, ByteBuf data, boolean end) {
        if (stream == below) {
            belowReading = true;
            onRequestData(data, end);
        } else if (stream == above) {
            onResponseData(data, end);
        } else {
            data.release();
        }
    }

    void onMoved(HttpStream stream, long bytes) {
        if (stream == above) {
            moving = false;
            record.responseBodyBytes += bytes;
            armForResponse();
        }
    }

    void onTrailers(HttpStream stream, Headers trailers) {
        if (stream == below) {
            onRequestTrailers(trailers);
        } else if (stream == above) {
            reply.trailers(below(), trailers);
            responseEnded();
        }
    }

    void onWritable(HttpStream stream) {
        if (stream == below) {
            responseRelay.resume();
        } else if (stream == above) {
            requestFlow.resume();
            pace.excuse();
        }
    }

    void onReadComplete(HttpStream stream) {
        ClientStream upstream = above;
        if (stream == below) {
            belowReading = false;
            if (upstream != null) {
                upstream.flush();
            }
        } else if (stream == upstream && upstream != null) {
            if (moving) {
                armForResponse();
            }
            below().flush();
        }
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
        Timeouts timeouts = Objects.requireNonNull(settings).timeouts();
        if (requestFlow.ended() || request().expectContinue() && record.requestBodyBytes == 0) {
            enter(Phase.FIRST_BYTE, attempts.awaitsAnswer(timeouts.firstByteNanos()));
        } else {
            pace.awaitUpload(timeouts.idleNanos());
        }
    }

    private void armForResponse() {
        Timeouts timeouts = Objects.requireNonNull(settings).timeouts();
        if (deadlines.in(Phase.TUNNEL)) {
            deadlines.arm(timeouts.tunnelNanos());
            return;
        }
        pace.awaitDownload(timeouts.idleNanos(), moving || responseRelay.paused());
    }

    // ---- FilterContext ----

    @Override
    public RequestHead request() {
        return Objects.requireNonNull(request);
    }

    @Override
    public byte[] clientAddress() {
        return client.text();
    }

    @Override
    public byte[] requestId() {
        return record.requestId;
    }

    @Override
    public int requestIdLength() {
        return record.requestIdLength;
    }

    @Override
    public void execute(Runnable task) {
        // An exchange that a filter may know on another thread isn't reused: one that has ended has ended for good.
        loop.eventLoop().execute(() -> {
            if (snapshot != null) {
                task.run();
            }
        });
    }

    private HttpStream below() {
        return Objects.requireNonNull(below);
    }
}
