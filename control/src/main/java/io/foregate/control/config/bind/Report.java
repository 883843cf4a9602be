package io.foregate.control.config.bind;

/** Reports problems at places of the long form, with the position and the path that the user wrote. */
public record Report(Sources sources, Problems problems) {
    public void errorAtKey(TreePath path, String message, String hint) {
        problems.error(sources.keyOf(path), sources.asWritten(path), message, hint);
    }

    public void errorAtValue(TreePath path, String message, String hint) {
        problems.error(sources.valueOf(path), sources.asWritten(path), message, hint);
    }

    public void warningAtKey(TreePath path, String message, String hint) {
        problems.warning(sources.keyOf(path), sources.asWritten(path).toString(), message, hint);
    }

    public void warningAtValue(TreePath path, String message, String hint) {
        problems.warning(sources.valueOf(path), sources.asWritten(path).toString(), message, hint);
    }

    /** Whether anything at or below the place is known to be wrong. */
    public boolean isBroken(TreePath path) {
        return problems.isBroken(path);
    }
}
