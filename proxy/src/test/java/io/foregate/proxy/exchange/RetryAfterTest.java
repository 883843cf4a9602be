package io.foregate.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {
    private static final long FOREVER = RetryAfter.MOST_SECONDS * 1_000_000_000;

    private static long nanos(String value, String now) {
        Headers headers = new Headers();
        headers.add(HeaderName.RETRY_AFTER, value.getBytes(StandardCharsets.ISO_8859_1));
        return RetryAfter.nanos(headers, Instant.parse(now).toEpochMilli());
    }

    @Test
    void secondsAreWaitedForUpToForEver() {
        assertThat(RetryAfter.nanos(new Headers(), 0)).isZero();
        assertThat(nanos("", "1994-11-06T08:49:36Z")).isZero();
        assertThat(nanos("120", "1994-11-06T08:49:36Z")).isEqualTo(120_000_000_000L);
        assertThat(nanos("9".repeat(40), "1994-11-06T08:49:36Z")).isEqualTo(FOREVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Wednesday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Sun Nov 06 08:49:37 1994"
            })
    void aDateIsWaitedForInEachOfItsForms(String date) {
        assertThat(nanos(date, "1994-11-06T08:49:35.750Z")).isEqualTo(1_250_000_000L);
        assertThat(nanos(date, "1994-11-06T08:49:37Z")).isZero();
        assertThat(nanos(date, "1994-11-07T00:00:00Z")).isZero();
    }

    @Test
    void aYearOfTwoDigitsIsNoMoreThanFiftyYearsAhead() {
        assertThat(nanos("Sunday, 06-Nov-94 08:49:37 GMT", "2026-01-01T00:00:00Z"))
                .isZero();
        assertThat(nanos("Friday, 01-Jan-27 00:00:01 GMT", "2027-01-01T00:00:00Z"))
                .isEqualTo(1_000_000_000L);
        assertThat(nanos("Saturday, 01-Jan-00 00:00:00 GMT", "2099-12-31T23:59:59Z"))
                .isEqualTo(1_000_000_000L);
        assertThat(nanos("Wednesday, 01-Jan-76 00:00:00 GMT", "2026-06-01T00:00:00Z"))
                .isEqualTo(FOREVER);
        assertThat(nanos("Friday, 01-Jan-77 00:00:00 GMT", "2026-06-01T00:00:00Z"))
                .isZero();
    }

    @Test
    void everyDayOfFourHundredYearsIsTheOneThatItSays() {
        DateTimeFormatter usual = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
        ZonedDateTime day = ZonedDateTime.of(1900, 1, 1, 23, 59, 58, 0, ZoneOffset.UTC);
        for (int i = 0; i < 146_097; i++) {
            byte[] text = ("," + usual.format(day)).getBytes(StandardCharsets.US_ASCII);
            assertThat(HttpDate.epochSeconds(text, 1, text.length - 1, 0)).isEqualTo(day.toEpochSecond());
            day = day.plusDays(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soon",
                "-1",
                "1.5",
                "120 s",
                ",",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 Nov 1994 08:49:37 GM",
                "Sun, 06 Now 1994 08:49:37 GMT",
                "Sun, 32 Oct 1994 08:49:37 GMT",
                "Sun, 31 Nov 1994 08:49:37 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08-49-37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 199x 08:49:37 GMT",
                "Sunday, 06-Nov-9x 08:49:37 GMT",
                "Sunday, 06 Nov 94 08:49:37 GMT",
                "Sun Nov  x 08:49:37 1994",
                "Sun Nov  6 08:49:37-1994",
                "Sun Nov  6 08:49:37 19940",
                "1994-11-06T08:49:37Z",
                "Wednesdays, 06-Nov-94 08:49:37 GMT"
            })
    void whatIsNeitherIsNotWaitedFor(String value) {
        assertThat(nanos(value, "1970-01-01T00:00:00Z")).isZero();
    }
}
