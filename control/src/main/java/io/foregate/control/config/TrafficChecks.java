package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Traffic;
import java.util.Map;

/** Checks splits and faults: that shares are a whole, and that what is asked for isn't asked for in two ways. */
final class TrafficChecks {
    private final Report report;

    TrafficChecks(Report report) {
        this.report = report;
    }

    void run(Traffic traffic, TreePath path) {
        if (traffic.split() != null) {
            split(traffic.split(), path.key("split"));
        }
        if (traffic.fault() != null) {
            fault(traffic.fault(), path.key("fault"));
        }
        Traffic.Mirror mirror = traffic.mirror();
        TreePath buffer = path.key("mirror").key("buffer");
        if (mirror != null
                && !report.isBroken(path.key("mirror"))
                && mirror.buffer().bytes() > (1 << 30)) {
            report.errorAtValue(
                    buffer,
                    "this much is held in memory for each copy that is under way",
                    "write at most 1GiB; a copy that is further behind is cut off");
        }
    }

    private void split(Traffic.Split split, TreePath path) {
        by(split.by(), path.key("by"));
        TreePath override = path.key("override");
        Traffic.Choice choice = split.override();
        if (choice != null && choice.header() == null && choice.cookie() == null && !report.isBroken(override)) {
            report.errorAtKey(override, "names neither a header nor a cookie", "add header: X-Pool");
        }
        TreePath from = override.key("from");
        if (choice != null && choice.from().isEmpty() && report.sources().has(from) && !report.isBroken(from)) {
            report.errorAtValue(
                    from,
                    "names no client, and would hold for each",
                    "name address blocks such as 10.0.0.0/8, or remove it");
        }
        if (report.isBroken(path)) {
            return;
        }
        Map<Name, Percent> pools = split.pools();
        long sum = pools.values().stream().mapToLong(Percent::partsPerMillion).sum();
        if (sum == Percent.WHOLE.partsPerMillion()) {
            return;
        }
        long missing = Percent.WHOLE.partsPerMillion() - sum;
        StringBuilder written = new StringBuilder();
        pools.values()
                .forEach(share -> written.append(written.isEmpty() ? "" : " + ").append(share));
        report.errorAtValue(
                path.key("pools"),
                pools.isEmpty()
                        ? "names no pool"
                        : "the shares add up to " + share(sum) + (pools.size() > 1 ? " (" + written + ")" : "")
                                + ", not to 100%",
                missing > 0 ? share(missing) + " are missing" : share(-missing) + " are too many");
    }

    private static String share(long partsPerMillion) {
        return new Percent(Math.toIntExact(partsPerMillion)).toString();
    }

    private void by(Traffic.SplitBy by, TreePath path) {
        int given = (by.header() == null ? 0 : 1) + (by.cookie() == null ? 0 : 1) + (by.query() == null ? 0 : 1);
        boolean basis = report.sources().has(path.key("basis"));
        if (given + (basis ? 1 : 0) > 1 && !report.isBroken(path)) {
            report.errorAtKey(
                    path,
                    "says more than one thing",
                    "write one of client, own-cookie, request, {header: …}, {cookie: …} and {query: …}");
        }
    }

    private void fault(Traffic.Fault fault, TreePath path) {
        if (report.isBroken(path)) {
            return;
        }
        if (fault.delay() == null && fault.abort() == null) {
            report.errorAtKey(path, "does nothing", "add delay: 200ms, or abort: 503");
        }
        if (fault.delay() != null && fault.delay().time().isNone()) {
            report.errorAtValue(
                    path.key("delay").key("time"), "a delay can't be none", "write a duration such as 200ms");
        }
        Traffic.Abort abort = fault.abort();
        if (abort != null && abort.reset() && (abort.status() != null || abort.grpcStatus() != null)) {
            report.errorAtKey(
                    path.key("abort"),
                    "a request that is reset gets no status",
                    "remove reset: to answer, or the status to reset");
        }
    }
}
