package io.foregate.control.run;

import io.foregate.control.build.Quarantine;
import io.foregate.proxy.worker.Trial;
import java.util.List;

/**
 * A configuration that is tried beside the one in force: everything that it needs is there, and part of the requests may get it. It
 * ends by {@link Foregate#finish} or {@link Foregate#abandon}. Immutable.
 */
public final class Candidate {
    private final Prepared prepared;
    private final Trial trial;

    Candidate(Prepared prepared, Trial trial) {
        this.prepared = prepared;
        this.trial = trial;
    }

    /** Who gets it, and what has become of that. */
    public Trial trial() {
        return trial;
    }

    /** What of it can't be used as it is. */
    public List<Quarantine> quarantined() {
        return next().built().good().quarantined();
    }

    Running next() {
        return prepared.next();
    }

    Prepared prepared() {
        return prepared;
    }
}
