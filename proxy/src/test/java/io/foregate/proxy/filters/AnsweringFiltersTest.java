package io.foregate.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.Requests;
import io.foregate.proxy.route.ValueTemplate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnsweringFiltersTest {
    @Test
    void redirectsToWhereTheTemplateLeads() {
        RequestHead head = Requests.get("app.example.com:8080", "/a?b");
        Verdict verdict = new RedirectFilter(308, ValueTemplate.parseLocation("https://{host}{uri}"))
                .onRequest(head, Requests.context(head));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Respond.class, answer -> {
            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.body()).isNull();
            assertThat(answer.headers()).singleElement().satisfies(field -> {
                assertThat(field.name()).isEqualTo(HeaderName.LOCATION);
                assertThat(new String(field.value(), StandardCharsets.US_ASCII))
                        .isEqualTo("https://app.example.com/a?b");
            });
        });
    }

    @Test
    void onlyStatusesThatRedirectRedirect() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedirectFilter(300, ValueTemplate.parseLocation("/x")))
                .withMessageContaining("use 301, 302, 303, 307 or 308");
    }

    @Test
    void respondsWithTheSameAnswerToEveryRequest() {
        Verdict.Respond answer = new Verdict.Respond(503, List.of(), new byte[] {'x'});
        RequestHead head = Requests.get("h", "/");
        assertThat(new RespondFilter(answer).onRequest(head, Requests.context(head)))
                .isSameAs(answer);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RespondFilter(new Verdict.Respond(101, List.of(), null)));
    }
}
