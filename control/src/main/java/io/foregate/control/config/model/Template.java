package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import io.foregate.control.config.bind.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A header value or redirect target: text with placeholders from a small fixed set. It holds no byte that may not stand in
 * a header value; what a placeholder puts in is up to the code that fills it.
 */
@Scalar(
        value = "a text",
        examples = {"{client.ip}", "https://{host}{uri}"},
        doc = "A text on one line with placeholders in braces: `{client.ip}`, `{request.id}`, `{method}`, `{scheme}`,"
                + " `{host}`, `{path}`, `{query}`, `{uri}` (path, and query if there is one). Write `{{` for a brace.")
public record Template(List<Part> parts) {
    /** A piece of a template. */
    public sealed interface Part {}

    /** Text that is copied. */
    public record Literal(String text) implements Part {}

    /** A placeholder. */
    public record Slot(Variable variable) implements Part {}

    /** What a placeholder may stand for. The path, query and uri are those that are forwarded. */
    public enum Variable {
        CLIENT_IP,
        REQUEST_ID,
        METHOD,
        SCHEME,
        HOST,
        PATH,
        QUERY,
        URI;

        /** As it is written between the braces. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }
    }

    private static final Map<String, Variable> VARIABLES = Arrays.stream(Variable.values())
            .collect(Collectors.toMap(Variable::word, variable -> variable, (a, b) -> a, LinkedHashMap::new));

    public static Template parse(String text) throws BadValue {
        refuseBytesThatEndAHeader(text);
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (text.startsWith("{{", i) || text.startsWith("}}", i)) {
                literal.append(c);
                i += 2;
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new BadValue("the { in " + Nodes.quote(text) + " is never closed", "write {{ for a brace");
                }
                if (!literal.isEmpty()) {
                    parts.add(new Literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(new Slot(variable(text.substring(i + 1, end))));
                i = end + 1;
            } else {
                literal.append(c);
                i++;
            }
        }
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
        }
        return new Template(List.copyOf(parts));
    }

    private static Variable variable(String word) throws BadValue {
        Variable variable = VARIABLES.get(word);
        if (variable == null) {
            String near = Suggestion.among(word, VARIABLES.keySet(), "they are");
            throw new BadValue(
                    "there is no placeholder {" + word + "}", near.isEmpty() ? "write {{ for a brace" : near);
        }
        return variable;
    }

    private static void refuseBytesThatEndAHeader(String text) throws BadValue {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new BadValue(
                        Nodes.quote(text) + " holds a control character", "a header value is one line of text");
            }
            if (c > 0x7e) {
                throw new BadValue(Nodes.quote(text) + " holds a character outside ASCII", "encode it");
            }
        }
        if (!text.equals(text.strip())) {
            throw new BadValue(Nodes.quote(text) + " begins or ends with a blank", "remove it");
        }
    }

    /** Whether it is the same for every request. */
    public boolean isLiteral() {
        return parts.stream().allMatch(part -> part instanceof Literal);
    }

    /** As one would write it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Literal literal ->
                    text.append(literal.text.replace("{", "{{").replace("}", "}}"));
                case Slot slot -> text.append('{').append(slot.variable.word()).append('}');
            }
        }
        return text.toString();
    }
}
