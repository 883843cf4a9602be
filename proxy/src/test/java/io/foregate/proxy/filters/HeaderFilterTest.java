package io.foregate.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.route.Requests;
import io.foregate.proxy.route.ValueTemplate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderFilterTest {
    private static HeaderEdit set(String name, String value) {
        return new HeaderEdit.Set(HeaderName.of(name), ValueTemplate.parse(value));
    }

    private static HeaderEdit add(String name, String value) {
        return new HeaderEdit.Add(HeaderName.of(name), ValueTemplate.parse(value));
    }

    private static HeaderEdit remove(String name) {
        return new HeaderEdit.Remove(HeaderName.of(name));
    }

    private static HeaderFilter onRequest(HeaderEdit... edits) {
        return new HeaderFilter(List.of(edits), List.of());
    }

    @Test
    void requestsAreEditedInOrder() {
        RequestHead head = Requests.get("h", "/a", "X-Old: 1", "x-old: 2", "X-Twice: a", "Cookie: c=1", "Cookie: d=2");
        Verdict verdict = onRequest(
                        remove("X-OLD"),
                        remove("cookie"),
                        add("X-Twice", "b"),
                        set("X-New", "1"),
                        set("x-new", "{path}"))
                .onRequest(head, Requests.context(head));
        assertThat(verdict).isEqualTo(Verdict.CONTINUE);
        assertThat(head.headers()).hasToString("Host: h\nX-Twice: a\nX-Twice: b\nx-new: /a\n");
    }

    @Test
    void responsesAreEditedWithTheRequestInView() {
        HeaderFilter filter = new HeaderFilter(
                List.of(), List.of(remove("Server"), set("X-Request-Id", "{request.id}"), add("Vary", "Origin")));
        RequestHead request = Requests.get("h", "/a");
        ResponseHead response = new ResponseHead();
        response.clear();
        response.status(200);
        response.headers().add(HeaderName.SERVER, "origin/1.0");
        response.headers().add(HeaderName.VARY, "Accept");
        filter.onResponse(response, Requests.context(request));
        assertThat(response.headers()).hasToString("Vary: Accept\nX-Request-Id: r-1\nVary: Origin\n");
        assertThat(filter.onRequest(request, Requests.context(request))).isEqualTo(Verdict.CONTINUE);
        assertThat(request.headers()).hasToString("Host: h\n");
    }

    @Test
    void manyEditsOutgrowTheBlockUnharmed() {
        String path = "/" + "p".repeat(900);
        RequestHead head = Requests.get("h", path);
        HeaderFilter filter = onRequest(add("A", "{path}"), add("B", "{path}{path}"), add("C", "{uri}"));
        filter.onRequest(head, Requests.context(head));
        assertThat(head.headers()).hasToString("Host: h\nA: " + path + "\nB: " + path + path + "\nC: " + path + "\n");
    }

    @Test
    void theAuthorityFollowsAHostThatIsSet() {
        RequestHead head = Requests.get("old.example.com:80", "/");
        onRequest(set("Host", "new.example.com:8080")).onRequest(head, Requests.context(head));
        assertThat(head.authorityString()).isEqualTo("new.example.com:8080");
        assertThat(head.hostString()).isEqualTo("new.example.com");
        assertThat(head.headers()).hasToString("Host: new.example.com:8080\n");

        RequestHead ipv6 = Requests.get("[::1]:80", "/");
        onRequest(set("host", "{host}:81")).onRequest(ipv6, Requests.context(ipv6));
        assertThat(ipv6.authorityString()).isEqualTo("[::1]:81");
        assertThat(ipv6.hostString()).isEqualTo("[::1]");
    }

    @Test
    void aHostThatIsNoneForThisRequestIsRefused() {
        RequestHead head = Requests.get("[::1]", "/");
        Verdict verdict = onRequest(set("Host", "api.{host}")).onRequest(head, Requests.context(head));
        assertThat(verdict).isEqualTo(new Verdict.Respond(400, List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "a:", "a:b", ":80", "", "a:123456", "[::1", "[::1]x", "a:80:80"})
    void aConstantHostIsCheckedBeforehand(String host) {
        assertThatIllegalArgumentException().isThrownBy(() -> onRequest(set("Host", host)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length",
                "Transfer-Encoding",
                "Connection",
                "keep-alive",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Upgrade",
                "Expect",
                "HTTP2-Settings"
            })
    void fieldsOfFramingAndConnectionAreNotAPolicysToChange(String name) {
        for (HeaderEdit edit : List.of(set(name, "x"), add(name, "x"), remove(name))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new HeaderFilter(List.of(edit), List.of()))
                    .withMessageContaining("a policy can't change it");
            assertThatIllegalArgumentException().isThrownBy(() -> new HeaderFilter(List.of(), List.of(edit)));
        }
    }

    @Test
    void hostIsNeitherAddedNorRemoved() {
        assertThatIllegalArgumentException().isThrownBy(() -> onRequest(add("Host", "x")));
        assertThatIllegalArgumentException().isThrownBy(() -> onRequest(remove("Host")));
    }
}
