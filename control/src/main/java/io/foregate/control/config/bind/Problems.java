package io.foregate.control.config.bind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong. Bounded: nobody reads the thousandth message, and a hostile file could make a million. */
public final class Problems {
    private static final int MOST = 500;

    private final Set<Problem> errors = new LinkedHashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();
    private final Set<TreePath> broken = new HashSet<>();

    public void error(Position position, TreePath path, String message, String hint) {
        // Everything around a mistake is marked, so that it isn't judged by what it lacks.
        TreePath at = path;
        while (at != null && broken.add(at)) {
            at = at.parent();
        }
        if (errors.size() < MOST) {
            errors.add(Problem.at(position, path.toString(), message, hint));
        }
    }

    /** Like the other, for places that nobody will judge any more. */
    public void error(Position position, String path, String message, String hint) {
        if (errors.size() < MOST) {
            errors.add(Problem.at(position, path, message, hint));
        }
    }

    public void warning(Position position, String path, String message, String hint) {
        if (warnings.size() < MOST) {
            warnings.add(Problem.at(position, path, message, hint));
        }
    }

    /** Whether anything at or below the place is wrong. */
    public boolean isBroken(TreePath path) {
        return broken.contains(path);
    }

    boolean isFull() {
        return errors.size() >= MOST;
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** The errors in the order of the file. */
    public List<Problem> errors() {
        List<Problem> sorted = new ArrayList<>(sorted(errors));
        if (isFull()) {
            Problem last = sorted.getLast();
            Position position = new Position(last.file(), last.line(), last.column());
            sorted.add(Problem.at(position, "", "there are more mistakes than these " + MOST, "correct these first"));
        }
        return List.copyOf(sorted);
    }

    /** The warnings in the order of the file. */
    public List<Problem> warnings() {
        return sorted(warnings);
    }

    private static List<Problem> sorted(Collection<Problem> problems) {
        return problems.stream().sorted().toList();
    }
}
