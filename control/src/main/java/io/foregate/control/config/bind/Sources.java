package io.foregate.control.config.bind;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where each value of a bound configuration was written. Filled while binding, only read afterwards. */
public final class Sources {
    private record Entry(TreePath asWritten, Position key, Position value) {}

    private record MapKey(TreePath map, Object key) {}

    private final Map<TreePath, Entry> entries = new HashMap<>();
    private final Map<MapKey, TreePath> keys = new HashMap<>();
    private final String file;

    /** Knows nothing but the name of the file: for configurations that were made by code. */
    public Sources(String file) {
        this.file = file;
    }

    void put(TreePath path, Position key, Position value) {
        entries.put(path, new Entry(path, key, value));
    }

    /** A short form stands for that path: it is where the one above it is. False when that isn't known. */
    boolean putImplied(TreePath path) {
        Entry above = path.parent() == null ? null : entries.get(path.parent());
        if (above == null) {
            return false;
        }
        entries.put(path, new Entry(path, above.key, above.value));
        return true;
    }

    void putKey(TreePath map, Object key, TreePath path) {
        keys.put(new MapKey(map, key), path);
    }

    /** The path of an entry of a mapping, whose key may have been written in another way than it prints. */
    public TreePath entry(TreePath map, Object key) {
        TreePath path = keys.get(new MapKey(map, key));
        return path == null ? map.key(key.toString()) : path;
    }

    /** Whether the user wrote the value, in its long form or in a short one. */
    public boolean has(TreePath path) {
        return entries.containsKey(path);
    }

    /** The position of the key, or of the nearest thing around it that has one. */
    public Position keyOf(TreePath path) {
        Entry entry = nearest(path);
        return entry == null ? new Position(file, 1, 1) : entry.key;
    }

    /** The position of the value, or of the nearest thing around it that has one. */
    public Position valueOf(TreePath path) {
        Entry entry = nearest(path);
        return entry == null ? new Position(file, 1, 1) : entry.value;
    }

    /** The path as the user wrote it: without the parts for which a short form stands. */
    public TreePath asWritten(TreePath path) {
        Entry entry = entries.get(path);
        if (entry != null) {
            return entry.asWritten;
        }
        TreePath parent = path.parent();
        if (parent == null) {
            return path;
        }
        return path.under(asWritten(parent));
    }

    private @Nullable Entry nearest(TreePath path) {
        for (TreePath at = path; at != null; at = at.parent()) {
            Entry entry = entries.get(at);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }
}
