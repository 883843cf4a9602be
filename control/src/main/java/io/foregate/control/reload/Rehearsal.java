package io.foregate.control.reload;

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
        List<Problem> doubts = new ArrayList<>(certificates.errors());
        doubts.addAll(certificates.warnings());
        if (plan.empty()) {
            return plan.warned(doubts);
        }
        try (EndpointRegistry nobodys = new EndpointRegistry(1)) {
            Built built = SnapshotBuilder.build(1, next.effective(), nobodys);
            return plan.replayed(foregate.running().built(), built, foregate.sample())
                    .warned(doubts);
        } catch (UnbuildableException e) {
            // Said like any other doubt; with it, nothing can be replayed.
            doubts.add(e.problem());
            return plan.warned(doubts);
        }
    }
}
