package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import io.foregate.control.config.bind.Suggestion;
import java.util.List;

/** A group for the key exchange. */
@Scalar(
        value = "a group",
        examples = {"X25519MLKEM768", "X25519", "P-256"},
        doc =
                "A group for the key exchange: `X25519MLKEM768` (safe from quantum computers, too), `X25519`, `P-256`, `P-384`"
                        + " or `P-521`.")
public record GroupName(String text) {
    private static final List<String> KNOWN = List.of("X25519MLKEM768", "X25519", "P-256", "P-384", "P-521");

    /** What is offered when nothing is said, the preferred one first. */
    public static final List<GroupName> USUAL =
            KNOWN.subList(0, 4).stream().map(GroupName::new).toList();

    public static GroupName parse(String text) throws BadValue {
        if (!KNOWN.contains(text)) {
            throw new BadValue(Nodes.quote(text) + " is not a group", Suggestion.among(text, KNOWN, "groups are"));
        }
        return new GroupName(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
