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

    private final ArrayDeque<RequestHead> requests = new ArrayDeque<>();
    private final ArrayDeque<ResponseHead> responses = new ArrayDeque<>();

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
}
