package io.foregate.control.build;

import io.foregate.control.config.bind.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Collects what is broken in one build; or, where nothing may be, ends the build with the first. One build, one thread. */
final class Quarantines {
    private final boolean strict;
    private final List<Quarantine> before;
    private final List<Quarantine> found = new ArrayList<>();
    private final List<Problem> broken = new ArrayList<>();

    Quarantines(Standing standing) {
        this.strict = standing.strict();
        this.before = standing.lastGood().quarantined();
    }

    void add(String what, String name, UnbuildableException why, boolean kept) throws UnbuildableException {
        if (strict) {
            throw why;
        }
        String part = what + " " + name;
        Problem problem = why.problem();
        String then = kept ? part + " would go on as it is now" : "requests for " + part + " would be answered 503";
        broken.add(
                new Problem(problem.file(), problem.line(), problem.column(), problem.path(), problem.message(), then));
        Instant now = Clock.systemUTC().instant();
        Quarantine quarantine = new Quarantine(what, name, problem.toString(), kept, now);
        found.add(before.stream()
                .filter(quarantine::sameAs)
                .findFirst()
                .map(known -> quarantine.since(known.since()))
                .orElse(quarantine));
    }

    List<Quarantine> found() {
        return found;
    }

    /** The same as problems of a text that isn't in force. */
    List<Problem> broken() {
        return broken;
    }
}
