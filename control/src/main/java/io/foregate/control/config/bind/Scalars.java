package io.foregate.control.config.bind;

import java.util.Locale;
import java.util.regex.Pattern;

/** Turns the text of a scalar into a value. */
final class Scalars {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private Scalars() {}

    /** @param plain whether it stood without quotes; only then can it be a number, true or false */
    static Object parse(Shape shape, String text, boolean plain) throws BadValue {
        return switch (shape) {
            case Shape.Text string -> text;
            case Shape.Single single -> {
                Object value = single.parser().parse(text);
                if (value == null) {
                    throw new IllegalStateException(single.type() + " parsed " + text + " to null");
                }
                yield value;
            }
            case Shape.Whole number -> whole(number, text, plain);
            case Shape.Flag flag -> flag(text, plain);
            case Shape.Choice choice -> choice(choice, text);
            case Shape.Reference reference -> parse(reference.name(), text, plain);
            case Shape.ListOf list -> throw new IllegalStateException("not a scalar");
            case Shape.MapOf map -> throw new IllegalStateException("not a scalar");
            case Shape.Struct struct -> throw new IllegalStateException("not a scalar");
        };
    }

    private static Object whole(Shape.Whole number, String text, boolean plain) throws BadValue {
        if (!WHOLE.matcher(text).matches()) {
            throw new BadValue("expected a whole number, found " + Nodes.quote(text), bounds(number));
        }
        if (!plain) {
            throw new BadValue("expected a whole number, found the text " + Nodes.quote(text), "remove the quotes");
        }
        long value = Long.parseLong(text);
        if (value < number.min() || value > number.max()) {
            throw new BadValue(value + " is outside " + number.min() + "–" + number.max(), "");
        }
        return (int) value;
    }

    private static String bounds(Shape.Whole number) {
        return number.max() == Integer.MAX_VALUE
                ? "write " + number.min() + " or more"
                : "write a number from " + number.min() + " to " + number.max();
    }

    private static Object flag(String text, boolean plain) throws BadValue {
        if (plain && text.equals("true")) {
            return true;
        }
        if (plain && text.equals("false")) {
            return false;
        }
        String hint = switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "on", "true", "y" -> "write true";
            case "no", "off", "false", "n" -> "write false";
            default -> "";
        };
        throw new BadValue("expected true or false, found " + Nodes.quote(text), hint);
    }

    private static Object choice(Shape.Choice choice, String text) throws BadValue {
        Object constant = choice.constants().get(text);
        if (constant == null) {
            // YAML 1.1 took on and off for truth values, so they are often mixed up.
            String word = text.equals("true") || text.equals("yes")
                    ? "on"
                    : text.equals("false") || text.equals("no") ? "off" : text;
            String near = choice.constants().containsKey(word)
                    ? word
                    : Suggestion.nearest(text, choice.constants().keySet());
            throw new BadValue(
                    "expected " + choice.noun() + ", found " + Nodes.quote(text),
                    near == null ? "" : "did you mean " + near + "?");
        }
        return constant;
    }

    /** A hint that shows what such a value looks like. */
    static String example(Shape shape) {
        return shape instanceof Shape.Single single
                ? "write for example " + single.about().examples()[0]
                : "";
    }
}
