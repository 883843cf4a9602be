package io.foregate.proxy.codec;

import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import java.util.ArrayDeque;

/**
 * Heads of one event loop that are free for use, so that an idle connection holds none and a busy one makes no garbage.
 *
 * <p>Owned by its loop. Bounded: what a burst needed beyond {@link #KEEP} is left to the collector.
 */
public final class HeadPool {
    private static final int KEEP = 256;
    private static final int SCRATCH_BYTES = 16 * 1024;

    private final ArrayDeque<RequestHead> requests = new ArrayDeque<>();
    private final ArrayDeque<ResponseHead> responses = new ArrayDeque<>();
    private byte[] received = new byte[SCRATCH_BYTES];
    private byte[] written = new byte[SCRATCH_BYTES];

    public RequestHead takeRequest() {
        RequestHead head = requests.pollLast();
        if (head == null) {
            head = new RequestHead();
        }
        head.clear();
        return head;
    }

    public ResponseHead takeResponse() {
        ResponseHead head = responses.pollLast();
        if (head == null) {
            head = new ResponseHead();
        }
        head.clear();
        return head;
    }

    public void give(RequestHead head) {
        if (requests.size() < KEEP) {
            requests.addLast(head);
        }
    }

    public void give(ResponseHead head) {
        if (responses.size() < KEEP) {
            responses.addLast(head);
        }
    }

    /** Room for something received to be looked at, valid until the next call. */
    public byte[] receiveScratch(int bytes) {
        if (received.length < bytes) {
            received = new byte[Integer.highestOneBit(bytes - 1) * 2];
        }
        return received;
    }

    /** Room for something to be put together before it is sent, valid until the next call. */
    public byte[] sendScratch(int bytes) {
        if (written.length < bytes) {
            written = new byte[Integer.highestOneBit(bytes - 1) * 2];
        }
        return written;
    }
}
