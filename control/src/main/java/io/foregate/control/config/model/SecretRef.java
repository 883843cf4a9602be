package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Scalar;
import java.util.regex.Pattern;

/**
 * Where a secret is; the secret itself is never written in a configuration.
 *
 * @param kind where to look
 * @param name of the variable, or the path of the file
 */
@Scalar(
        value = "a secret's place",
        pattern = "^(env|file):.+$",
        examples = {"env:STORE_PASSWORD", "file:/run/secrets/store-password"},
        doc =
                "`env:NAME` for an environment variable, or `file:path` for the first line of a file. Secrets themselves don't"
                        + " stand in a configuration.")
public record SecretRef(Kind kind, String name) {
    /** Where a secret may be. */
    public enum Kind {
        ENV,
        FILE
    }

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    public static SecretRef parse(String text) throws BadValue {
        if (text.startsWith("env:") && VARIABLE.matcher(text.substring(4)).matches()) {
            return new SecretRef(Kind.ENV, text.substring(4));
        }
        if (text.startsWith("file:") && text.length() > 5 && !text.endsWith("/")) {
            return new SecretRef(Kind.FILE, text.substring(5));
        }
        // What stands there may be the secret: it isn't repeated.
        throw new BadValue("a secret doesn't stand in the configuration", "write env:NAME or file:path");
    }

    @Override
    public String toString() {
        return (kind == Kind.ENV ? "env:" : "file:") + name;
    }
}
