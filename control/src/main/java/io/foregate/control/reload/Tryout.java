package io.foregate.control.reload;

import io.foregate.control.config.Loaded;
import io.foregate.control.guard.Guard;
import io.foregate.control.run.Candidate;
import io.foregate.proxy.worker.Trial;

/** A configuration that a {@link Reloader} has on trial. Immutable. */
final class Tryout implements Guard.Tried {
    private final Reloader reloader;
    private final Candidate candidate;
    private final Revision revision;
    private final long against;
    private final Text text;

    /** What it is made of. */
    record Text(Source source, Loaded.Ok loaded) {}

    Tryout(Reloader reloader, Candidate candidate, Revision revision, long against, Text text) {
        this.reloader = reloader;
        this.candidate = candidate;
        this.revision = revision;
        this.against = against;
        this.text = text;
    }

    Candidate candidate() {
        return candidate;
    }

    Revision stored() {
        return revision;
    }

    Text text() {
        return text;
    }

    @Override
    public long revision() {
        return revision.number();
    }

    @Override
    public long against() {
        return against;
    }

    @Override
    public Trial trial() {
        return candidate.trial();
    }

    @Override
    public boolean lost() {
        return reloader.isLost(this);
    }

    @Override
    public boolean finish() {
        return reloader.finish(this);
    }

    @Override
    public boolean abandon() {
        return reloader.abandon(this);
    }

    @Override
    public void outcome(boolean applied, String note) {
        reloader.settle(this, applied, note);
    }
}
