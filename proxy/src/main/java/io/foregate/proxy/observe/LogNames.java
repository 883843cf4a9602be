package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Octets;
import java.util.Locale;

/** How enum constants are called in logs, as bytes: in lower case, with underscores. */
@SuppressWarnings("EnumOrdinal") // an index into what is derived from values(), never stored
final class LogNames {
    private static final byte[][] PHASES = names(AccessRecord.Phase.values());
    private static final byte[][] SOURCES = names(Failure.Source.values());
    private static final byte[][] KINDS = names(Failure.Kind.values());
    private static final byte[][] ENDS = names(LostAttempts.End.values());

    private LogNames() {}

    static byte[] of(AccessRecord.Phase phase) {
        return PHASES[phase.ordinal()];
    }

    static byte[] of(Failure.Source source) {
        return SOURCES[source.ordinal()];
    }

    static byte[] of(Failure.Kind kind) {
        return KINDS[kind.ordinal()];
    }

    static byte[] of(LostAttempts.End end) {
        return ENDS[end.ordinal()];
    }

    private static byte[][] names(Enum<?>[] constants) {
        byte[][] names = new byte[constants.length][];
        for (Enum<?> constant : constants) {
            names[constant.ordinal()] = Octets.ascii(constant.name().toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
