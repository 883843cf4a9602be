package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** How many bytes in a second; {@link #NONE} is no minimum. */
@Scalar(
        value = "a rate",
        pattern = "^([0-9]+(B|KB|KiB|MB|MiB|GB|GiB)/s|none)$",
        examples = {"240B/s", "10KiB/s", "none"},
        doc = "A size and `/s`. `none` is no minimum.")
public record ByteRate(long bytesPerSecond) {
    /** Any pace will do. */
    public static final ByteRate NONE = new ByteRate(0);

    private static final String PER_SECOND = "/s";

    public static ByteRate parse(String text) throws BadValue {
        if (text.equals("none")) {
            return NONE;
        }
        if (!text.endsWith(PER_SECOND)) {
            throw new BadValue(Nodes.quote(text) + " is not a rate", "write for example 240B/s, or none");
        }
        Size size = Size.parse(text.substring(0, text.length() - PER_SECOND.length()));
        if (size.isNone() || size.bytes() == 0 || size.bytes() > 1L << 40) {
            throw new BadValue(text + " is outside 1B/s–1TiB/s", "write none for no minimum");
        }
        return new ByteRate(size.bytes());
    }

    public boolean isNone() {
        return bytesPerSecond == 0;
    }

    @Override
    public String toString() {
        return isNone() ? "none" : new Size(bytesPerSecond) + PER_SECOND;
    }
}
