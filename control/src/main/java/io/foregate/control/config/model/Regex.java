package io.foregate.control.config.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** A regular expression in RE2 syntax, whose matching takes linear time. It may match anywhere: use ^ and $ to anchor. */
@Scalar(
        value = "a regular expression",
        examples = {"^v[0-9]+$"},
        doc = "A regular expression in RE2 syntax: linear time, so no back-references and no look-around. It matches"
                + " anywhere in the text; anchor it with `^` and `$`.")
public record Regex(String source) {
    private static final int MOST = 2000;
    private static final int MOST_INSTRUCTIONS = 20_000;

    public static Regex parse(String text) throws BadValue {
        if (text.length() > MOST) {
            throw new BadValue(
                    "a regular expression of more than " + MOST + " characters", "split it into several routes");
        }
        if (RegexSize.of(text) > MOST_INSTRUCTIONS) {
            throw new BadValue(
                    Nodes.quote(text) + " repeats too much to be compiled", "use smaller counts in { }, or * and +");
        }
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            boolean perl = text.contains("(?=") || text.contains("(?!") || text.contains("(?<");
            throw new BadValue(
                    Nodes.quote(text) + " is not a regular expression: " + e.getDescription(),
                    perl ? "RE2 syntax has no look-around" : "");
        } catch (RuntimeException | StackOverflowError e) {
            throw new BadValue(Nodes.quote(text) + " is not a regular expression that can be compiled", "simplify it");
        }
        return new Regex(text);
    }

    public Pattern compile() {
        return Pattern.compile(source);
    }

    @Override
    public String toString() {
        return source;
    }
}
