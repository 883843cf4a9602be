package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/**
 * A version of TLS. Older ones than 1.2 are broken and not to be had.
 *
 * @param minor 2 or 3
 */
@Scalar(
        value = "a version of TLS",
        pattern = "^1\\.[23]$",
        examples = {"1.2", "1.3"},
        doc = "`1.2` or `1.3`; older ones are not to be had.")
public record TlsVersion(int minor) {
    public static final TlsVersion TLS_1_2 = new TlsVersion(2);
    public static final TlsVersion TLS_1_3 = new TlsVersion(3);

    public static TlsVersion parse(String text) throws BadValue {
        return switch (text) {
            case "1.2" -> TLS_1_2;
            case "1.3" -> TLS_1_3;
            default -> throw new BadValue(Nodes.quote(text) + " is not a version of TLS", "write 1.2 or 1.3");
        };
    }

    @Override
    public String toString() {
        return "1." + minor;
    }
}
