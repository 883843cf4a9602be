package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.RecordFilter.Key;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which exchanges somebody wants to see, and what is shown of them. */
final class RecordFilterTest {
    private static boolean wants(Key key, String text) {
        return RecordFilter.of(Map.of(key, text), 0).wants(Records.typical());
    }

    @Test
    void everyPartOfARequestCanBeAskedFor() {
        assertThat(RecordFilter.ALL.wants(Records.typical())).isTrue();
        assertThat(wants(Key.HOST, "App.Example.com")).isTrue();
        assertThat(wants(Key.HOST, "*.example.com")).isTrue();
        assertThat(wants(Key.HOST, "*.app.example.com")).isFalse();
        assertThat(wants(Key.HOST, "example.com")).isFalse();
        assertThat(wants(Key.PATH, "/api/items")).isTrue();
        assertThat(wants(Key.PATH, "/api/*")).isTrue();
        assertThat(wants(Key.PATH, "*")).isTrue();
        assertThat(wants(Key.PATH, "/api")).isFalse();
        assertThat(wants(Key.PATH, "/api/items?page=2")).isFalse();
        assertThat(wants(Key.METHOD, "get")).isTrue();
        assertThat(wants(Key.METHOD, "POST")).isFalse();
        assertThat(wants(Key.CLIENT, "192.0.2.7")).isTrue();
        assertThat(wants(Key.CLIENT, "192.0.2.70")).isFalse();
        assertThat(wants(Key.SITE, "app.example.com")).isTrue();
        assertThat(wants(Key.ROUTE, "/api/*")).isTrue();
        assertThat(wants(Key.POOL, "web")).isFalse();
        assertThat(wants(Key.ENDPOINT, "10.0.0.1:8080")).isTrue();
    }

    @Test
    void statusesAreNamedByThemselvesOrByTheirKind() {
        assertThat(wants(Key.STATUS, "200")).isTrue();
        assertThat(wants(Key.STATUS, "404,2xx")).isTrue();
        assertThat(wants(Key.STATUS, "5xx")).isFalse();
        assertThat(wants(Key.STATUS, "failed")).isFalse();
        AccessRecord gone = Records.typical();
        gone.failure = Failure.client(Failure.Kind.CLIENT_GONE, null);
        gone.status = 0;
        assertThat(RecordFilter.of(Map.of(Key.STATUS, "5xx,failed"), 0).wants(gone))
                .isTrue();
        assertThat(RecordFilter.of(Map.of(Key.STATUS, "5xx"), 0).wants(gone)).isFalse();
        assertThatThrownBy(() -> wants(Key.STATUS, "good")).hasMessageContaining("not good");
        assertThatThrownBy(() -> wants(Key.HOST, "a b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void slowOnesAreThoseThatLastAtLeastSoLong() {
        assertThat(RecordFilter.of(Map.of(), 14_500_000).wants(Records.typical()))
                .isTrue();
        assertThat(RecordFilter.of(Map.of(), 14_500_001).wants(Records.typical()))
                .isFalse();
    }

    @Test
    void whatAConfigurationOnTrialHasServedIsMarked() {
        AccessRecord tried = Records.typical();
        assertThat(Records.line(new JsonFormat(), tried)).doesNotContain("tried");
        tried.tried = true;

        assertThat(Records.line(new JsonFormat(), tried)).contains("\"route\":\"/api/*\",\"tried\":true,\"pool\"");
        tried.clear();
        assertThat(tried.tried).isFalse();
    }

    @Test
    void whatIsShownHasNoQueryAndNoFields() {
        String line = Records.line(JsonFormat.withoutQueries(), Records.typical());

        assertThat(line)
                .contains("\"path\":\"/api/items\"")
                .contains("\"host\":\"app.example.com\"")
                .doesNotContain("page")
                .doesNotContain("Mozilla")
                .doesNotContain("referer")
                .doesNotContain("target");
    }
}
