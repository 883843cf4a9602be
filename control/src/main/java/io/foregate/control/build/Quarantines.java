package io.foregate.control.build;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Collects what is broken in one build; or, where nothing may be, ends the build with the first. One build, one thread. */
final class Quarantines {
    private final boolean strict;
    private final List<Quarantine> before;
    private final List<Quarantine> found = new ArrayList<>();

    Quarantines(Standing standing) {
        this.strict = standing.strict();
        this.before = standing.lastGood().quarantined();
    }

    void add(String what, String name, UnbuildableException why, boolean kept) throws UnbuildableException {
        if (strict) {
            throw why;
        }
        Instant now = Clock.systemUTC().instant();
        Quarantine quarantine = new Quarantine(what, name, why.problem().toString(), kept, now);
        found.add(before.stream()
                .filter(quarantine::sameAs)
                .findFirst()
                .map(known -> quarantine.since(known.since()))
                .orElse(quarantine));
    }

    List<Quarantine> found() {
        return found;
    }
}
