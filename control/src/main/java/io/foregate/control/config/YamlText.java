package io.foregate.control.config;

import io.foregate.control.config.bind.Node;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Makes a tree of bytes or text. What isn't UTF-8 or YAML is a {@link Problem} with its place. */
final class YamlText {
    /** Enough for a hundred thousand routes; a larger file is a mistake. */
    static final int MOST_BYTES = 16 << 20;

    /** Stands for what isn't UTF-8, or for itself. */
    private static final char REPLACEMENT = '\uFFFD';

    private static final String SMALLEST =
            "the smallest configuration is: sites: {\"*\": web} and pools: {web: [\"localhost:3000\"]}";

    private YamlText() {}

    /** A tree, or the reason why there is none. */
    sealed interface Tree {}

    /** @param values how many values the text writes out, at most: each takes a character, or stands before one */
    record Parsed(Node root, int values) implements Tree {}

    record Refused(Problem problem) implements Tree {}

    static Tree tree(String file, byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            return unreadable(new Position(file, 1, 1), "is larger than " + (MOST_BYTES >> 20) + "MiB", "");
        }
        String read = new String(bytes, StandardCharsets.UTF_8);
        if (read.indexOf(REPLACEMENT) < 0) {
            return tree(file, read);
        }
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes), text, true);
        String decoded = text.flip().toString();
        if (result.isError()) {
            return unreadable(
                    position(file, decoded, decoded.codePointCount(0, decoded.length())),
                    "is not UTF-8 here",
                    "save the file as UTF-8");
        }
        return tree(file, decoded);
    }

    static Tree tree(String file, String text) {
        String yaml = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (yaml.length() > MOST_BYTES) {
            return unreadable(new Position(file, 1, 1), "is larger than " + (MOST_BYTES >> 20) + "MiB", "");
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setCodePointLimit(MOST_BYTES + 1)
                // The binder bounds what aliases can stand for; the parser's own 50 would be felt by honest files.
                .setMaxAliasesForCollections(10_000)
                .build();
        try {
            Node root = YamlReader.read(settings, yaml);
            return root == null
                    ? unreadable(new Position(file, 1, 1), "is empty", SMALLEST)
                    : new Parsed(root, yaml.length());
        } catch (ReaderException e) {
            return unreadable(
                    position(file, yaml, e.getPosition()),
                    "the character " + Nodes.quote(Character.toString(e.getCodePoint())) + " is not allowed in YAML",
                    "remove it");
        } catch (MarkedYamlEngineException e) {
            return syntax(file, e);
        } catch (YamlEngineException e) {
            return unreadable(new Position(file, 1, 1), "is not YAML: " + e.getMessage(), "");
        } catch (StackOverflowError e) {
            return unreadable(new Position(file, 1, 1), "is nested too deeply", "");
        } catch (RuntimeException e) {
            // The parser has no list of what it can throw; a file must never end in a stack trace.
            return unreadable(new Position(file, 1, 1), "is not YAML that can be read", "");
        }
    }

    private static Refused syntax(String file, MarkedYamlEngineException e) {
        Position position = e.getProblemMark()
                .or(e::getContextMark)
                .map(mark -> position(file, mark))
                .orElseGet(() -> new Position(file, 1, 1));
        String problem = e.getProblem() == null ? "" : e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext() + ", ";
        String hint = "";
        if (problem.contains("TAB") || problem.contains("\\t")) {
            hint = "indent with spaces: YAML allows no tabs there";
        } else if (context.contains("alias") || problem.contains("alias")) {
            hint = "put a key or value that begins with * into quotes: \"*.example.com\"";
        } else if (problem.contains("mapping values are not allowed")) {
            hint = "put a value that holds \": \" into quotes, and check the indentation";
        }
        return unreadable(position, "is not YAML: " + (context + problem).replaceAll("\\s+", " "), hint);
    }

    private static Refused unreadable(Position position, String message, String hint) {
        return new Refused(Problem.at(position, "", message, hint));
    }

    private static Position position(String file, Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** @param index in code points */
    private static Position position(String file, String text, int index) {
        int line = 1;
        int column = 1;
        int seen = 0;
        for (int i = 0; i < text.length() && seen < index; seen++) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return new Position(file, line, column);
    }
}
