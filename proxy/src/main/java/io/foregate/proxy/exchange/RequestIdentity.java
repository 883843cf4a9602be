package io.foregate.proxy.exchange;

import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.worker.RequestIds;
import io.foregate.proxy.worker.Worker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is settled about a request before any route is asked: its id, who asks, and the methods that end here. Stateless. */
final class RequestIdentity {
    /** The answer to {@code OPTIONS *}, and to an OPTIONS that may go no further (RFC 9110 §9.3.7). */
    static final Verdict.Respond OPTIONS_ANSWER = new Verdict.Respond(
            200,
            List.of(
                    new Verdict.Field(HeaderName.ALLOW, Octets.ascii("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")),
                    new Verdict.Field(HeaderName.CONTENT_LENGTH, Octets.ascii("0"))),
            null);

    private RequestIdentity() {}

    /** Settles under which id the request goes on, and who is taken for its client, as far as the {@code trusted} are believed. */
    static void settle(RequestHead head, Downstream from, CidrSet trusted, AccessRecord record, ClientAddress client) {
        Headers headers = head.headers();
        takeId(headers, record, from.worker().requestIds());
        boolean believed = Forwarding.identify(headers, from.peer(), trusted, client);
        head.secure(believed ? Forwarding.claimsSecure(headers, from.secure()) : from.secure());
        record.clientAddress = client.text();
    }

    /** Makes an id for a request that goes no further. */
    static void makeId(AccessRecord record, RequestIds ids) {
        ids.next(record.requestId);
        record.requestIdLength = RequestIds.LENGTH;
    }

    /** Takes the id that came with the request, if it is fit for logs, or makes one; either way the request carries it. */
    static void takeId(Headers headers, AccessRecord record, RequestIds ids) {
        int at = headers.find(HeaderName.X_REQUEST_ID);
        if (at >= 0 && headers.findNext(HeaderName.X_REQUEST_ID, at) < 0 && usable(headers, at, record.requestId)) {
            int length = headers.valueLength(at);
            System.arraycopy(headers.array(), headers.valueStart(at), record.requestId, 0, length);
            record.requestIdLength = length;
            return;
        }
        if (at >= 0) {
            headers.remove(HeaderName.X_REQUEST_ID);
        }
        makeId(record, ids);
        headers.begin(HeaderName.X_REQUEST_ID);
        headers.append(record.requestId, 0, RequestIds.LENGTH);
        headers.finish(HeaderName.X_REQUEST_ID);
    }

    private static boolean usable(Headers headers, int position, byte[] room) {
        int length = headers.valueLength(position);
        if (length == 0 || length > room.length) {
            return false;
        }
        int start = headers.valueStart(position);
        byte[] block = headers.array();
        for (int i = start; i < start + length; i++) {
            if (block[i] <= ' ' || block[i] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** What keeps the request from going on whatever it asks for, or null. */
    static @Nullable Failure refusal(RequestHead head, Worker worker) {
        Failure unsupported = refusal(head);
        return unsupported != null ? unsupported : worker.shedding().refusal(head);
    }

    /** TRACE would show a page what the proxy adds to requests (RFC 9110 §9.3.8), so it ends here. */
    private static @Nullable Failure refusal(RequestHead head) {
        return head.method() == Method.TRACE
                ? Failure.client(Failure.Kind.METHOD_UNSUPPORTED, "TRACE is not passed on")
                : null;
    }

    /** RFC 9110 §7.6.2: an OPTIONS with Max-Forwards 0 is answered here, any other value is counted down. */
    static boolean isLastHop(RequestHead head) {
        Headers headers = head.headers();
        if (head.method() != Method.OPTIONS || !headers.contains(HeaderName.MAX_FORWARDS)) {
            return false;
        }
        int at = headers.find(HeaderName.MAX_FORWARDS);
        int start = headers.valueStart(at);
        int length = headers.valueLength(at);
        byte[] block = headers.array();
        long value = 0;
        for (int i = start; i < start + length; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 9 || value > Integer.MAX_VALUE) {
                return false;
            }
            value = value * 10 + digit;
        }
        if (length == 0) {
            return false;
        }
        if (value == 0) {
            return true;
        }
        headers.remove(HeaderName.MAX_FORWARDS);
        headers.begin(HeaderName.MAX_FORWARDS);
        headers.appendDecimal(value - 1);
        headers.finish(HeaderName.MAX_FORWARDS);
        return false;
    }
}
