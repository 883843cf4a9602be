package io.foregate.control.config.bind;

import java.util.Comparator;

/**
 * One thing that is wrong with a configuration, or doubtful.
 *
 * @param path where it is in the tree, such as {@code pools.api.servers[2]}; empty for the file as a whole
 * @param message what is wrong
 * @param hint what to write instead; may be empty
 */
public record Problem(String file, int line, int column, String path, String message, String hint)
        implements Comparable<Problem> {
    private static final Comparator<Problem> IN_FILE_ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::path)
            .thenComparing(Problem::message);

    public static Problem at(Position position, String path, String message, String hint) {
        return new Problem(position.file(), position.line(), position.column(), path, message, hint);
    }

    /** The same of another file, or of the same one by another name. */
    public Problem in(String other) {
        return new Problem(other, line, column, path, message, hint);
    }

    /** The same as a line that says it is only a warning; the place first, where editors look for it. */
    public String asWarning() {
        return new Problem(file, line, column, path, "warning: " + message, hint).toString();
    }

    @Override
    public int compareTo(Problem other) {
        return IN_FILE_ORDER.compare(this, other);
    }

    /** {@code file:line:column path: what is wrong; what to write instead}. */
    @Override
    public String toString() {
        String where = file + ":" + line + ":" + column + (path.isEmpty() ? "" : " " + path);
        return where + ": " + message + (hint.isEmpty() ? "" : "; " + hint);
    }
}
