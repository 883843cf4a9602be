package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/**
 * Where a log is written.
 *
 * @param file the path as written, relative to the folder of the configuration file; empty for standard output
 */
@Scalar(
        value = "a log target",
        examples = {"stdout", "/var/log/foregate/access.log"},
        doc = "`stdout`, or the path of a file; a relative one starts at the folder of the configuration file.")
public record LogTarget(String file) {
    /** Standard output. */
    public static final LogTarget STDOUT = new LogTarget("");

    public static LogTarget parse(String text) throws BadValue {
        if (text.equals("stdout")) {
            return STDOUT;
        }
        if (text.isBlank() || text.indexOf('\0') >= 0 || text.endsWith("/")) {
            throw new BadValue(Nodes.quote(text) + " is not a log target", "write stdout or the path of a file");
        }
        return new LogTarget(text);
    }

    public boolean isStdout() {
        return file.isEmpty();
    }

    @Override
    public String toString() {
        return isStdout() ? "stdout" : file;
    }
}
