package io.foregate.control.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A record in plain words. */
final class WhyTest {
    private static final String START =
            "{\"time\":\"2026-02-28T23:59:58.007Z\",\"id\":\"7f3a\",\"client\":\"192.0.2.7\","
                    + "\"listener\":\"http\",\"method\":\"GET\",\"host\":\"a.example\",\"path\":\"/x\",\"protocol\":\"HTTP/1.1\","
                    + "\"site\":\"a.example\",\"route\":\"/*\",\"pool\":\"web\",\"endpoint\":\"10.0.0.2:80\",\"bytes_in\":0,"
                    + "\"bytes_out\":9,\"queue_ms\":0.1,\"connect_ms\":1.25,\"total_ms\":1234.5,\"phase\":\"first_byte\",";

    private static JsonNode record(String rest) {
        return JsonMapper.shared().readTree(START + rest + "}");
    }

    @Test
    void attemptsStandInTheirOrderTheLastIncluded() {
        JsonNode record = record("\"status\":504,\"attempts\":3,\"lost\":[\"10.0.0.1:80 reset\",\"10.0.0.3:80 503\"],"
                + "\"retry_stopped\":\"budget\",\"hedged\":true,"
                + "\"failure\":{\"source\":\"origin\",\"kind\":\"first_byte_timeout\",\"detail\":\"no answer\"}");

        assertThat(Why.attempts(record))
                .extracting(Why.Attempt::cause)
                .containsExactly("reset", "503", "first_byte_timeout");
        assertThat(Why.text(record))
                .contains("  attempts  10.0.0.1:80: the endpoint broke the connection off\n")
                .contains("            10.0.0.3:80: answered 503\n")
                .contains("            10.0.0.2:80: the endpoint didn't begin to answer in time")
                .contains("no other: the pool's retry budget was used up")
                .contains("a second request went out")
                .contains("answered  504 after 1.23 s")
                .contains("the server's doing (first_byte_timeout), while the endpoint's answer was awaited")
                .contains("  phases    0.1 ms waiting for a connection\n            1.3 ms connecting\n");
    }

    @Test
    void whatTheServerItselfAnsweredIsToldFromWhatTheConfigurationSays() {
        assertThat(Why.sentence(record("\"status\":500,\"attempts\":1,\"upstream_status\":500")))
                .isEqualTo("the server answered 500 itself, and that was passed on");
        assertThat(Why.sentence(record("\"status\":503,\"attempts\":0")))
                .isEqualTo("the configuration answers 503 itself here");
        assertThat(Why.sentence(record("\"status\":200,\"upstream_status\":200,\"grpc_status\":14,\"attempts\":1")))
                .contains("grpc-status 14");
    }

    @Test
    void aClientThatIsGoneIsTheClientsDoing() {
        JsonNode record = record("\"attempts\":1,\"failure\":{\"source\":\"client\",\"kind\":\"client_gone\","
                + "\"detail\":\"the client closed the connection\"}");

        assertThat(Why.text(record))
                .contains("answered  nothing after")
                .contains("the client went away before it had its whole answer: the client closed the connection")
                .contains("the client's doing (client_gone)");
    }

    @ParameterizedTest
    @EnumSource(Failure.Kind.class)
    void everyKindOfFailureHasWords(Failure.Kind kind) {
        assertThat(Causes.words(kind)).hasSizeBetween(20, 110).doesNotEndWith(".");
        assertThat(Causes.kind(kind.name().toLowerCase(Locale.ROOT))).isEqualTo(kind);
    }
}
