package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.HeadPool;
import io.foregate.proxy.route.RouteAction;
import java.util.List;

/** Heads of answers that no origin gives. Stateless. */
final class LocalAnswers {
    private LocalAnswers() {}

    /** A redirect with its Location filled in. */
    static Verdict.Respond redirect(RouteAction.Redirect redirect, FilterContext context) {
        byte[] location = redirect.location().toBytes(context);
        return new Verdict.Respond(redirect.status(), List.of(new Verdict.Field(HeaderName.LOCATION, location)), null);
    }

    /** The head of {@code answer}, with its length. */
    static ResponseHead head(Verdict.Respond answer, HeadPool heads) {
        ResponseHead head = heads.takeResponse();
        head.status(answer.status());
        for (int i = 0; i < answer.headers().size(); i++) {
            Verdict.Field field = answer.headers().get(i);
            head.headers().add(field.name(), field.value());
        }
        byte[] body = answer.body();
        boolean mayHaveBody = answer.status() != 204 && answer.status() != 304;
        if (mayHaveBody && !head.headers().contains(HeaderName.CONTENT_LENGTH)) {
            head.headers().begin(HeaderName.CONTENT_LENGTH);
            head.headers().appendDecimal(body == null ? 0 : body.length);
            head.headers().finish(HeaderName.CONTENT_LENGTH);
        }
        head.bodyLength(body == null ? 0 : body.length);
        return head;
    }
}
