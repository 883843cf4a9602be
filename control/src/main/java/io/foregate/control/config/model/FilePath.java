package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/**
 * A file that the configuration names.
 *
 * @param text as written; a relative path starts at the folder of the configuration file
 */
@Scalar(
        value = "a file",
        examples = {"ca.pem", "/etc/foregate/origin.key"},
        doc = "The path of a file; a relative one starts at the folder of the configuration file.")
public record FilePath(String text) {
    public static FilePath parse(String text) throws BadValue {
        if (text.isBlank() || text.indexOf('\0') >= 0 || text.endsWith("/")) {
            throw new BadValue(Nodes.quote(text) + " is not a file", "write the path of one, such as ca.pem");
        }
        return new FilePath(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
