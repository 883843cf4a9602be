package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.HeadPool;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.ReasonPhrase;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.TrafficFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What goes downstream: the origin's answer, one of our own, or an error, the heads of all through the route's response filters and
 * with the request's id. Calls of gRPC get errors in their own form. Owned by its exchange.
 */
final class Reply {
    private static final int HTTP_2 = 20;
    private static final int FIRST_ERROR = 400;
    private static final int MOST_INTERIM_HEADS = 32;

    private final AccessRecord record;
    private final HeadPool heads;
    private final FilterContext context;
    private int interimHeads;
    private final Relay relay = new Relay();
    private @Nullable HttpStream from;
    private @Nullable HttpStream to;
    private boolean started;
    private boolean moving;
    private boolean ended;
    private boolean call;
    private boolean endsInTrailers;
    private TrafficFault.@Nullable Abort injected;

    Reply(AccessRecord record, HeadPool heads, FilterContext context) {
        this.record = record;
        this.heads = heads;
        this.context = context;
    }

    /** Notes what is to be answered. */
    void begin(RequestHead request) {
        call = Grpc.asks(request);
    }

    /** The failure that is said next is this fault. */
    void inject(TrafficFault.Abort fault) {
        injected = fault;
    }

    /** An answer is to come from {@code endpoint}. */
    void comesFrom(HttpStream endpoint, HttpStream client) {
        from = endpoint;
        to = client;
        relay.begin(endpoint, client);
    }

    /** Whether the final head is out. */
    boolean started() {
        return started;
    }

    /** Whether the answer that has begun is a call's, with messages to come. */
    boolean streamsCall() {
        return endsInTrailers;
    }

    /** Passes an interim head on, which goes back to the pool; false when there have been too many. */
    boolean interim(HttpStream to, RequestHead request, ResponseHead head) {
        boolean few = ++interimHeads <= MOST_INTERIM_HEADS;
        // A 100 that nobody waits for would confuse more than help.
        if (few && (head.status() != 100 || request.expectContinue())) {
            to.writeHead(head, false);
        }
        heads.give(head);
        return few;
    }

    /** Sends the final head, which goes back to the pool. */
    void head(HttpStream to, @Nullable Route through, ResponseHead head, boolean end) {
        Headers headers = head.headers();
        headers.remove(HeaderName.X_REQUEST_ID);
        headers.begin(HeaderName.X_REQUEST_ID);
        headers.append(record.requestId, 0, record.requestIdLength);
        headers.finish(HeaderName.X_REQUEST_ID);
        if (through != null) {
            for (int i = through.filterCount() - 1; i >= 0; i--) {
                through.filter(i).onResponse(head, context);
            }
        }
        started = true;
        record.status = head.status();
        if (call) {
            record.grpcStatus = Grpc.status(headers);
            endsInTrailers = !end && Grpc.answers(head) && context.request().httpVersion() == HTTP_2;
        }
        to.writeHead(head, end);
        heads.give(head);
    }

    // ---- the body that comes from an endpoint ----

    /** Passes body bytes on, whose ownership passes. */
    void data(ByteBuf data, boolean end) {
        record.responseBodyBytes += data.readableBytes();
        relay.data(data, end);
    }

    /** Has what follows moved from socket to socket, where that can be done. All before it has been passed on. */
    void move() {
        HttpStream endpoint = from;
        HttpStream client = to;
        if (endpoint != null && client != null && !relay.paused()) {
            moving = endpoint.moveTo(client);
        }
    }

    /** A move is over. */
    void moved(long bytes) {
        moving = false;
        record.responseBodyBytes += bytes;
    }

    /** Whether a move is under way. */
    boolean moving() {
        return moving;
    }

    /** Whether the endpoint was stopped because the client takes nothing of what waits for it. */
    boolean waitsForClient() {
        return relay.paused();
    }

    /** The client can take more. */
    void resume() {
        relay.resume();
    }

    /** The endpoint has sent all of it. */
    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    /** Sends the trailers that end the answer. */
    void trailers(HttpStream to, Headers trailers) {
        if (call) {
            record.grpcStatus = Grpc.status(trailers);
        }
        to.writeTrailers(trailers);
    }

    /** Sends an answer that is in the configuration or a filter's. */
    void answer(HttpStream to, @Nullable Route through, Verdict.Respond answer) {
        if (call && answer.status() >= FIRST_ERROR) {
            ResponseHead head = LocalAnswers.head(answer, heads);
            Grpc.trailersOnly(head, Grpc.status(answer.status()), ReasonPhrase.of(answer.status()));
            head(to, through, head, true);
            return;
        }
        byte[] content = answer.body();
        head(to, through, LocalAnswers.head(answer, heads), content == null);
        if (content != null) {
            body(to, content);
        }
    }

    /** Says a failure to the client; false when all that can be done is to break its answer off. */
    boolean failure(HttpStream to, @Nullable Route through, Failure failure) {
        if (started) {
            return mayEnd(failure) && endCall(to, failure);
        }
        TrafficFault.Abort fault = injected;
        if (fault != null && failure.kind() == Kind.FAULT_INJECTED) {
            return !fault.resets() && injected(to, through, failure, fault);
        }
        ResponseHead head = heads.takeResponse();
        if (call) {
            ErrorResponder.respondToCall(failure, head);
            head(to, through, head, true);
            return true;
        }
        byte[] content = ErrorResponder.respond(failure, head, record.requestId, record.requestIdLength);
        head(to, through, head, false);
        body(to, content);
        return true;
    }

    private boolean injected(HttpStream to, @Nullable Route through, Failure failure, TrafficFault.Abort fault) {
        ResponseHead head = heads.takeResponse();
        if (call) {
            int status = fault.grpcStatus() >= 0 ? fault.grpcStatus() : Grpc.status(fault.status());
            Grpc.trailersOnly(head, status, ErrorResponder.message(failure));
            head(to, through, head, true);
            return true;
        }
        byte[] content =
                ErrorResponder.respond(failure, fault.status(), head, record.requestId, record.requestIdLength);
        head(to, through, head, false);
        body(to, content);
        return true;
    }

    // A call's answer may end with an error at any time. Who doesn't read wouldn't see it, a client that broke the
    // rules is to see a reset, and a cancellation is passed on as what it is.
    private boolean mayEnd(Failure failure) {
        boolean clients = failure.source() == Failure.Source.CLIENT && failure.kind() != Kind.BODY_TOO_LARGE;
        return endsInTrailers && !clients && failure.kind() != Kind.CANCELLED;
    }

    private boolean endCall(HttpStream to, Failure failure) {
        Headers trailers = new Headers();
        Grpc.outcome(trailers, Grpc.status(failure), ErrorResponder.message(failure));
        trailers(to, trailers);
        return true;
    }

    private void body(HttpStream to, byte[] content) {
        record.responseBodyBytes = content.length;
        to.writeData(Unpooled.wrappedBuffer(content), true);
    }

    void clear() {
        relay.clear();
        from = null;
        to = null;
        interimHeads = 0;
        started = false;
        moving = false;
        ended = false;
        call = false;
        endsInTrailers = false;
        injected = null;
    }
}
