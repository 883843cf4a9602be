package io.foregate.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GrpcTest {
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private static RequestHead request(String contentType) {
        RequestHead head = new RequestHead();
        head.headers().add(HeaderName.CONTENT_TYPE, contentType);
        return head;
    }

    private static long limit(String timeout) {
        RequestHead head = request("application/grpc");
        head.headers().add(HeaderName.of("grpc-timeout"), timeout);
        return Grpc.limitNanos(head, HOUR_NANOS);
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc, true",
        "application/grpc+proto, true",
        "Application/gRPC;charset=x, true",
        "application/grpc-web, false",
        "application/grpc-web+proto, false",
        "application/grp, false",
        "text/plain, false",
    })
    void theContentTypeTellsACall(String contentType, boolean call) {
        assertThat(Grpc.asks(request(contentType))).isEqualTo(call);
    }

    @ParameterizedTest
    @CsvSource({
        "1S, 1000000000",
        "250m, 250000000",
        "99999999u, 99999999000",
        "7n, 7",
        "0n, 0",
        "2M, 120000000000",
    })
    void theTimeoutIsCountAndUnit(String timeout, long nanos) {
        assertThat(limit(timeout)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999H", "1H", "99999999M", "100000000n", "S", "1", "1s", "-1S", "1 S", "1.5S"})
    void longerOnesAndWhatIsNoneChangeNothing(String timeout) {
        assertThat(limit(timeout)).isEqualTo(HOUR_NANOS);
    }

    @Test
    void aTimeoutOfWhatIsNoCallChangesNothing() {
        RequestHead head = request("text/plain");
        head.headers().add(HeaderName.of("grpc-timeout"), "1n");
        assertThat(Grpc.limitNanos(head, HOUR_NANOS)).isEqualTo(HOUR_NANOS);
    }

    @ParameterizedTest
    @EnumSource(Failure.Kind.class)
    void everyFailureHasAStatusThatSaysSomething(Failure.Kind kind) {
        if (kind != Failure.Kind.EXPECTATION_UNKNOWN) {
            assertThat(Grpc.status(Failure.proxy(kind, null))).isPositive().isNotEqualTo(Grpc.UNKNOWN);
        }
    }

    @Test
    void theStatusIsReadFromTheFields() {
        for (String wrong : List.of("", "x", "1x", "-1", "1000")) {
            Headers headers = new Headers();
            headers.add(HeaderName.of("grpc-status"), wrong);
            assertThat(Grpc.status(headers)).isEqualTo(Grpc.NO_STATUS);
        }
        Headers headers = new Headers();
        assertThat(Grpc.status(headers)).isEqualTo(Grpc.NO_STATUS);
        Grpc.outcome(headers, 14, "no");
        assertThat(Grpc.status(headers)).isEqualTo(14);
    }
}
