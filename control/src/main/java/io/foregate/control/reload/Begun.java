package io.foregate.control.reload;

import io.foregate.control.build.Quarantine;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.guard.Guard;
import io.foregate.control.plan.Change;
import java.util.List;

/** What came of the wish to try a configuration beside the one in force. */
public sealed interface Begun {
    /**
     * It is being tried.
     *
     * @param changes against what is in force
     * @param quarantined what of it can't be used as it is
     */
    record Trying(Guard guard, List<Change> changes, List<Problem> warnings, List<Quarantine> quarantined)
            implements Begun {}

    /** There was nothing to try: it can't be used, or it is in force already. */
    record Settled(Result result) implements Begun {}

    /** Another revision is in force than the one that it was to replace. */
    record Superseded() implements Begun {}
}
