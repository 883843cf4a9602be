package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.HeadPool;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.route.Route;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What goes downstream: the origin's head, an answer of our own, or an error, all through the route's response filters and all
 * carrying the request's id. Owned by its exchange.
 */
final class Reply {
    private final AccessRecord record;
    private final HeadPool heads;
    private final FilterContext context;
    private boolean started;

    Reply(AccessRecord record, HeadPool heads, FilterContext context) {
        this.record = record;
        this.heads = heads;
        this.context = context;
    }

    /** Whether the final head is out. */
    boolean started() {
        return started;
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
        to.writeHead(head, end);
        heads.give(head);
    }

    /** Sends an answer that is in the configuration or a filter's. */
    void answer(HttpStream to, @Nullable Route through, Verdict.Respond answer) {
        byte[] content = answer.body();
        head(to, through, LocalAnswers.head(answer, heads), content == null);
        if (content != null) {
            body(to, content);
        }
    }

    /** Sends the answer to a failure. */
    void error(HttpStream to, @Nullable Route through, Failure failure) {
        ResponseHead head = heads.takeResponse();
        byte[] content = ErrorResponder.respond(failure, head, record.requestId, record.requestIdLength);
        head(to, through, head, false);
        body(to, content);
    }

    private void body(HttpStream to, byte[] content) {
        record.responseBodyBytes = content.length;
        to.writeData(Unpooled.wrappedBuffer(content), true);
    }

    void clear() {
        started = false;
    }
}
