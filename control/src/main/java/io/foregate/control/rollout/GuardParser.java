package io.foregate.control.rollout;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Suggestion;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Timeout;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the text of a guard, word by word. Used once. */
final class GuardParser {
    private static final List<String> KNOWN = List.of("errors", "p50", "p90", "p95", "p99", "requests");
    private static final String SIGNS = "<>=!";

    private final String text;
    private int at;
    private int wordAt;

    GuardParser(String text) {
        this.text = text;
    }

    Guard guard() throws BadGuard {
        if (text.strip().equals("none")) {
            return Guard.NONE;
        }
        List<Condition> conditions = new ArrayList<>();
        Set<String> named = new HashSet<>();
        do {
            String measure = word();
            int where = wordAt;
            if (measure.isEmpty()) {
                throw new BadGuard(
                        wordAt, "a condition is missing, such as errors < 0.5%, p99 < 300ms or requests >= 500");
            }
            conditions.add(condition(measure));
            if (!named.add(measure)) {
                throw new BadGuard(where, measure + " is there twice");
            }
        } while (and());
        return new Guard(conditions);
    }

    private boolean and() throws BadGuard {
        String word = word();
        if (!word.isEmpty() && !word.equals("and")) {
            throw new BadGuard(wordAt, "conditions are joined by and, not by " + word);
        }
        return !word.isEmpty();
    }

    private Condition condition(String measure) throws BadGuard {
        int where = wordAt;
        boolean percentile = measure.matches("p[0-9]{1,2}(\\.[0-9]{1,2})?");
        if (!percentile && !measure.equals("errors") && !measure.equals("requests")) {
            String near = Suggestion.nearest(measure, KNOWN);
            throw new BadGuard(
                    where,
                    measure + " can't be measured: " + (near == null ? "" : "did you mean " + near + "? ")
                            + "There are errors, p1 to p99.99, and requests");
        }
        String sign = word();
        int signAt = wordAt;
        boolean requests = measure.equals("requests");
        String other = requests ? ">= or >" : "< or <=";
        if (!(requests ? Set.of(">", ">=") : Set.of("<", "<=")).contains(sign)) {
            throw new BadGuard(
                    signAt, measure + " is followed by " + other + (sign.isEmpty() ? "" : ", not by " + sign));
        }
        String value = word();
        if (value.isEmpty()) {
            throw new BadGuard(wordAt, measure + " " + sign + " is followed by a value");
        }
        if (requests) {
            return requests(value, sign.equals(">"));
        }
        boolean inclusive = sign.equals("<=");
        try {
            if (percentile) {
                return wait(measure, value, inclusive, where);
            }
            if (value.matches("[0-9.]+")) {
                throw new BadGuard(wordAt, "errors are a share of the requests: write " + value + "%");
            }
            Percent limit = Percent.parse(value);
            if (limit.partsPerMillion() == 0 && !inclusive) {
                throw new BadGuard(wordAt, "there can't be fewer errors than none; write errors <= 0%");
            }
            return new Condition.Errors(limit, inclusive);
        } catch (BadValue e) {
            throw new BadGuard(wordAt, e.what() + (e.hint().isEmpty() ? "" : "; " + e.hint()));
        }
    }

    private Condition wait(String measure, String value, boolean inclusive, int where) throws BadGuard, BadValue {
        BigDecimal percentile = new BigDecimal(measure.substring(1));
        if (percentile.signum() == 0) {
            throw new BadGuard(where, "p0 says nothing; write p50 for the median");
        }
        Timeout limit = Timeout.parse(value);
        if (limit.isNone()) {
            throw new BadGuard(wordAt, "write a time, such as 300ms; or leave " + measure + " out");
        }
        return new Condition.Wait(percentile, limit, inclusive);
    }

    private Condition requests(String value, boolean more) throws BadGuard {
        if (!value.matches("[0-9]{1,9}")) {
            throw new BadGuard(wordAt, value + " is not a number of requests");
        }
        long least = Long.parseLong(value) + (more ? 1 : 0);
        if (least == 0) {
            throw new BadGuard(wordAt, "that is always so; write requests >= 1, or leave it out");
        }
        return new Condition.Requests(least);
    }

    // Letters and digits, or signs; empty at the end.
    private String word() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        wordAt = at;
        if (at == text.length()) {
            return "";
        }
        boolean sign = SIGNS.indexOf(text.charAt(at)) >= 0;
        while (at < text.length()
                && !Character.isWhitespace(text.charAt(at))
                && SIGNS.indexOf(text.charAt(at)) >= 0 == sign) {
            at++;
        }
        return text.substring(wordAt, at);
    }
}
