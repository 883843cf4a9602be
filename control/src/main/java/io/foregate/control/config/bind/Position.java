package io.foregate.control.config.bind;

import java.util.Comparator;

/** A place in a configuration file. Lines and columns count from 1; columns are characters (code points), not bytes. */
public record Position(String file, int line, int column) implements Comparable<Position> {
    private static final Comparator<Position> IN_FILE_ORDER = Comparator.comparing(Position::file)
            .thenComparingInt(Position::line)
            .thenComparingInt(Position::column);

    @Override
    public int compareTo(Position other) {
        return IN_FILE_ORDER.compare(this, other);
    }

    /** {@code file:line:column}, which terminals and editors know how to open. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
