package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Scalar;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a name is looked up.
 *
 * @param period null for as often as its records say
 */
@Scalar(
        value = "`ttl` or a duration",
        pattern = "^(ttl|[0-9]+(ms|s|m|h|d))$",
        examples = {"ttl", "30s"},
        doc =
                "`ttl`, as long as the records say (between 1 s and 5 minutes), or a whole number with a unit, at least `1s`.")
public record Refresh(@Nullable Duration period) {
    private static final Duration LEAST = Duration.ofSeconds(1);

    public static Refresh parse(String text) throws BadValue {
        if (text.equals("ttl")) {
            return new Refresh(null);
        }
        Timeout timeout = Timeout.parse(text);
        if (timeout.isNone()) {
            throw new BadValue("a name is looked up again some time", "write ttl, or a duration such as 30s");
        }
        Duration period = Duration.ofNanos(timeout.nanos());
        if (period.compareTo(LEAST) < 0) {
            throw new BadValue(text + " is less than a second", "write 1s or more, or ttl");
        }
        return new Refresh(period);
    }

    @Override
    public String toString() {
        return period == null ? "ttl" : new Timeout(period.toNanos()).toString();
    }
}
