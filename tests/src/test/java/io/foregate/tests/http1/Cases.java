package io.foregate.tests.http1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Reads tables of cases: a line each, columns between bars, {@code //} before a remark. In a column of bytes, {@code ↵} is
 * CRLF, {@code \r \n \t \0 \xff \\ \|} are single bytes, and {@code {a*900}} is 900 times an a.
 */
final class Cases {
    private static final Pattern COLUMN = Pattern.compile("(?<!\\\\) \\| ");
    private static final Pattern REPEAT = Pattern.compile("\\{([^{}*]+)\\*(\\d+)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|[rnt0\\\\|])");

    private Cases() {}

    static Stream<Arguments> of(String table) {
        try (var in = Objects.requireNonNull(Cases.class.getResourceAsStream(table), table)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("//"))
                            .map(line -> Arguments.of((Object[]) COLUMN.split(line)))
                            .toList()
                            .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes that a column stands for, a character each. */
    static String bytes(String column) {
        String text = column.strip().replace("↵", "\r\n");
        text = REPEAT.matcher(text)
                .replaceAll(found -> found.group(1)
                        .repeat(Integer.parseInt(found.group(2)))
                        .replace("\\", "\\\\")
                        .replace("$", "\\$"));
        return ESCAPE.matcher(text)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(escaped(found.group(1))));
    }

    private static String escaped(String name) {
        return switch (name.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '0' -> "\0";
            case 'x' -> String.valueOf((char) Integer.parseInt(name.substring(1), 16));
            default -> name;
        };
    }
}
