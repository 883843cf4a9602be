package io.foregate.control.reload;

import io.foregate.control.build.Detours;
import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.certificates.CertificateChecks;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.plan.Plan;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.run.Foregate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Goes through a change without making it: what is compared, built, and shown to recent requests. Stateless. */
final class Rehearsal {
    private Rehearsal() {}

    /** @param folder where relative paths of the configuration start */
    static Plan of(Foregate foregate, Loaded.Ok next, Path folder) throws InterruptedException {
        Plan plan = Plan.of(foregate.running().loaded(), next);
        CertificateChecks.Findings certificates = CertificateChecks.of(next.effective(), folder);
        List<Problem> doubts = new ArrayList<>(next.outside());
        doubts.addAll(certificates.errors());
        doubts.addAll(certificates.warnings());
        Built running = foregate.running().built();
        try (EndpointRegistry nobodys = new EndpointRegistry(1)) {
            SnapshotBuilder.Rehearsed would = SnapshotBuilder.rehearse(next.effective(), nobodys, running.good());
            // Which say what follows, besides.
            doubts.removeIf(doubt -> would.broken().stream().anyMatch(broken -> broken.compareTo(doubt) == 0));
            doubts.addAll(would.broken());
            // Rollouts go on whatever configuration comes.
            Detours.renew(would.built(), next.effective(), foregate.traffic().diversions());
            return (plan.empty() ? plan : plan.replayed(running, would.built(), foregate.sample())).warned(doubts);
        } catch (UnbuildableException e) {
            // Said like any other doubt; with it, nothing can be replayed.
            doubts.add(e.problem());
            return plan.warned(doubts);
        }
    }
}
