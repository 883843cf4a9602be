package io.foregate.control.config.bind;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a value is in the long form of the configuration. Segments that a short form left out are there too, but they
 * aren't printed, so that a message shows what the user wrote; equality looks at the long form alone.
 */
public final class TreePath {
    private static final int NO_INDEX = -1;

    /** The file as a whole. */
    public static final TreePath ROOT = new TreePath(null, "", NO_INDEX, false);

    private final @Nullable TreePath parent;
    private final String segment;
    private final int index;
    private final boolean implied;
    private final int hash;

    private TreePath(@Nullable TreePath parent, String segment, int index, boolean implied) {
        this.parent = parent;
        this.segment = segment;
        this.index = index;
        this.implied = implied;
        this.hash = (parent == null ? 7 : 31 * parent.hash) + segment.hashCode() + index;
    }

    public TreePath key(String key) {
        return new TreePath(this, key, NO_INDEX, false);
    }

    public TreePath index(int index) {
        return new TreePath(this, "", index, false);
    }

    /** A key that the user didn't write: a short form stands for it. */
    TreePath impliedKey(String key) {
        return new TreePath(this, key, NO_INDEX, true);
    }

    /** The first and only element of a list that the user didn't write. */
    TreePath impliedFirst() {
        return new TreePath(this, "", 0, true);
    }

    public @Nullable TreePath parent() {
        return parent;
    }

    public String segment() {
        return segment;
    }

    /** The place in a list that the last step leads to; negative when that step is a key. */
    int index() {
        return index;
    }

    boolean isSameStep(TreePath other) {
        return index == other.index && segment.equals(other.segment);
    }

    /** This path's last step, taken from another place. */
    TreePath under(TreePath other) {
        return new TreePath(other, segment, index, false);
    }

    /** The same for whoever reads it: without steps at its end that aren't printed. */
    public TreePath printed() {
        TreePath path = this;
        while (path.implied && path.parent != null) {
            path = path.parent;
        }
        return path;
    }

    /** Whether {@code this} is {@code ancestor} or lies below it. */
    public boolean isWithin(TreePath ancestor) {
        for (TreePath path = this; path != null; path = path.parent) {
            if (path.equals(ancestor)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TreePath that
                && hash == that.hash
                && index == that.index
                && segment.equals(that.segment)
                && Objects.equals(parent, that.parent);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** {@code sites.app.example.com.routes./api/*[1].to}; a key that holds a blank is quoted. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        appendTo(text);
        return text.toString();
    }

    private void appendTo(StringBuilder text) {
        if (parent == null) {
            return;
        }
        parent.appendTo(text);
        if (implied) {
            return;
        }
        if (index != NO_INDEX) {
            text.append('[').append(index).append(']');
            return;
        }
        if (!text.isEmpty()) {
            text.append('.');
        }
        text.append(isPlain(segment) ? segment : Nodes.quote(segment));
    }

    private static boolean isPlain(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return false;
            }
        }
        return !segment.isEmpty() && segment.length() <= 200;
    }
}
