package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueTemplateTest {
    private static final HeaderName NAME = HeaderName.of("X-Value");

    /** The value, written in every way there is. */
    private static String written(ValueTemplate template, RequestHead head) {
        FilterContext context = Requests.context(head);
        String bytes = new String(template.toBytes(context), StandardCharsets.UTF_8);
        Headers headers = new Headers();
        headers.begin(NAME);
        template.appendTo(headers, context);
        headers.finish(NAME);
        int at = headers.find(NAME);
        assertThat(new String(headers.array(), headers.valueStart(at), headers.valueLength(at), StandardCharsets.UTF_8))
                .isEqualTo(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "{client.ip}, 192.0.2.7",
        "{request.id}, r-1",
        "{host}, app.example.com",
        "{path}, /a/b",
        "{query}, x=1&y",
        "{scheme}, http",
        "{method}, PUT",
        "{uri}, /a/b?x=1&y",
        "https://{host}{uri}#{method}, https://app.example.com/a/b?x=1&y#PUT",
        "{{{host}}}, {app.example.com}",
        "caf\u00e9, caf\u00e9"
    })
    void placeholdersAreFilledFromTheRequest(String template, String expected) {
        RequestHead head = Requests.head("PUT", "app.example.com:8080", "/a/b?x=1&y");
        assertThat(written(ValueTemplate.parse(template), head)).isEqualTo(expected);
    }

    @Test
    void schemeFollowsTheListener() {
        RequestHead head = Requests.get("h", "/");
        head.secure(true);
        assertThat(written(ValueTemplate.parse("{scheme}"), head)).isEqualTo("https");
    }

    @Test
    void anAbsentQueryIsEmpty() {
        assertThat(written(ValueTemplate.parse("[{query}]"), Requests.get("h", "/a")))
                .isEqualTo("[]");
    }

    @Test
    void unknownPlaceholdersAreNamedWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueTemplate.parse("x{hots}"))
                .withMessage(
                        "unknown placeholder {hots}; known are {client.ip} {request.id} {host} {path} {query} {scheme}"
                                + " {method} {uri}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{host", "host}", "a{", "}", "{}", "{Host}", "{ host }", "a\r\nb", "a\nb", "a\0b", "\u007f"})
    void whatCannotStandInAValueIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ValueTemplate.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "{path}, //evil.example, /evil.example",
        "{path}/, ///evil.example, /evil.example/",
        "{uri}, /\\evil.example?a, /evil.example?a",
        "{uri}, /\\/evil.example, /evil.example",
        "{uri}, /fine//x, /fine//x",
        "{uri}, /, /",
        "https://{host}{uri}, //x, https://h//x"
    })
    void aLocationNeverLeadsToAHostThatTheClientNamed(String template, String target, String location) {
        assertThat(written(ValueTemplate.parseLocation(template), Requests.get("h", target)))
                .isEqualTo(location);
    }

    @Test
    void aLocationThatWouldBeginWithTwoSlashesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueTemplate.parseLocation("/{path}"))
                .withMessageContaining("write '{path}'");
    }

    @Test
    void writingMakesNoGarbage() {
        ValueTemplate template = ValueTemplate.parse("{scheme}://{host}{uri} for {client.ip} as {request.id}");
        FilterContext context = Requests.context(Requests.get("app.example.com", "/a?b"));
        Headers headers = new Headers();
        long allocated = Long.MAX_VALUE;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                headers.clear();
                headers.begin(NAME);
                template.appendTo(headers, context);
                headers.finish(NAME);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isLessThan(4096);
    }
}
