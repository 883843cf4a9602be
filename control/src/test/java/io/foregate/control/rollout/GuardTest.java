package io.foregate.control.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foregate.control.rollout.Judgement.Kind;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.Tally;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardTest {
    private final Tally tally = new Tally(1);

    private GuardTest count(int requests, int status, long millis) {
        AccessRecord record = new AccessRecord();
        record.status = status;
        record.startNanos = 1;
        record.firstByteNanos = 1 + millis * 1_000_000;
        for (int i = 0; i < requests; i++) {
            tally.count(0, record);
        }
        return this;
    }

    private Kind says(String guard) throws BadGuard {
        return Guard.parse(guard).judge(tally.read()).kind();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "errors < 0.5%",
                "errors <= 0%",
                "errors < 0.5% and p99 < 300ms",
                "p50 < 1s and p99.9 <= 2s and requests >= 500",
            })
    void guardsReadAsTheyAreWritten(String text) throws BadGuard {
        assertThat(Guard.parse(text)).hasToString(text);
        assertThat(Guard.parse("  " + text.replace(" < ", "<") + " ")).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "erors < 1%|1: erors can't be measured: did you mean errors?",
                "errors < 0.5|10: errors are a share of the requests: write 0.5%",
                "errors 1%|8: errors is followed by < or <=, not by 1%",
                "errors > 1%|8: errors is followed by < or <=, not by >",
                "errors < 1%, p99 < 1s|10: \"1%,\" is not a percentage",
                "errors < 1% or p99 < 1s|13: conditions are joined by and, not by or",
                "errors < 1% and|16: a condition is missing",
                "errors <|9: errors < is followed by a value",
                "errors < 0%|10: there can't be fewer errors than none",
                "errors < 1% and errors < 2%|17: errors is there twice",
                "p99 < 300|7: \"300\" is not a duration; it needs a unit: 300s, 300ms",
                "p0 < 300ms|1: p0 says nothing",
                "p100 < 300ms|1: p100 can't be measured",
                "requests < 100|10: requests is followed by >= or >, not by <",
                "requests > many|12: many is not a number of requests",
            })
    void mistakesAreNamedWithTheirColumn(String text, String message) {
        assertThatThrownBy(() -> Guard.parse(text))
                .isInstanceOf(BadGuard.class)
                .hasMessageStartingWith("the guard can't be understood at column " + message);
    }

    @Test
    void oneBadAnswerAmongThreeIsNoAlarm() throws BadGuard {
        count(2, 200, 1).count(1, 500, 1);

        assertThat(says("errors < 0.5%")).isEqualTo(Kind.TOO_FEW);
        // Not even if all were bad, until there are enough to be sure.
        count(6, 500, 1);
        assertThat(says("errors < 0.5%")).isEqualTo(Kind.TOO_FEW);
        count(1, 500, 1);
        assertThat(says("errors < 0.5%")).isEqualTo(Kind.BROKEN);
    }

    @Test
    void whatMayBeChanceIsOnlyDoubtful() throws BadGuard {
        count(993, 200, 1).count(7, 503, 1);

        assertThat(says("errors < 0.5%")).isEqualTo(Kind.DOUBTFUL);
        assertThat(says("errors < 0.7%")).isEqualTo(Kind.DOUBTFUL);
        assertThat(says("errors <= 0.7%")).isEqualTo(Kind.HOLDS);
        assertThat(says("errors < 0.05%")).isEqualTo(Kind.BROKEN);
    }

    @Test
    void aGuardNeedsAsManyRequestsAsItsLimitsCanBeSeenIn() throws BadGuard {
        assertThat(Guard.parse("errors < 0.5%").judge(tally.read()).needed()).isEqualTo(200);
        assertThat(Guard.parse("errors < 10%").judge(tally.read()).needed()).isEqualTo(20);
        assertThat(Guard.parse("errors < 1% and p99.9 < 1s").judge(tally.read()).needed())
                .isEqualTo(1000);
        assertThat(Guard.parse("errors < 0.5% and requests > 49")
                        .judge(tally.read())
                        .needed())
                .isEqualTo(50);
        count(100, 404, 1);
        assertThat(says("errors < 0.5%")).isEqualTo(Kind.TOO_FEW);
        assertThat(says("errors < 0.5% and requests >= 100")).isEqualTo(Kind.HOLDS);
        assertThat(says("none")).isEqualTo(Kind.UNGUARDED);
    }

    @Test
    void slowAnswersBreakAPercentileOnceTheyAreMoreThanAFewFirstOnes() throws BadGuard {
        count(15, 200, 5).count(4, 200, 900);
        assertThat(says("p99 < 300ms")).isEqualTo(Kind.TOO_FEW);
        count(76, 200, 5).count(5, 200, 900);
        assertThat(says("p99 < 300ms")).isEqualTo(Kind.BROKEN);
        assertThat(says("p50 < 300ms")).isEqualTo(Kind.HOLDS);

        Judgement judgement = Guard.parse("errors < 2% and p99 < 300ms").judge(tally.read());
        assertThat(judgement.complaint())
                .matches("p99 < 300ms is broken: [789][0-9]{2}ms \\(9 of 100 requests took longer than 300ms\\)");
    }

    @Test
    void aPoolJustWithinItsLimitIsSeldomTakenBackInTheMidstOfAStep() throws BadGuard {
        Random random = new Random(7);
        Guard guard = Guard.parse("errors < 1%");
        int alarms = 0;
        for (int trial = 0; trial < 200; trial++) {
            Tally one = new Tally(1);
            AccessRecord record = new AccessRecord();
            boolean broken = false;
            // Looked at after every tenth of 3,000 requests, of which 0.8 % fail.
            for (int i = 0; i < 3000 && !broken; i++) {
                record.status = random.nextInt(1000) < 8 ? 500 : 200;
                one.count(0, record);
                broken = i % 10 == 0 && guard.judge(one.read()).kind() == Kind.BROKEN;
            }
            alarms += broken ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(4);
    }
}
